/** How a state looks: an icon, a colour, and for the time line a shape; never a colour alone. */

import {
    mdiAlertCircleOutline,
    mdiCancel,
    mdiCheckCircleOutline,
    mdiClockOutline,
    mdiHelpCircleOutline,
    mdiProgressClock,
    mdiProgressQuestion,
    mdiSend,
    mdiTimerSand,
    mdiTrayFull,
} from "@mdi/js";
import { html, type TemplateResult } from "lit";
import type { State } from "./types";

export interface Look {
    icon: string;
    /** A custom property of the theme, with what to take where a theme has none. */
    color: string;
}

const OPEN = "var(--primary-color, #03a9f4)";
const QUIET = "var(--secondary-text-color, #727272)";
const WARNING = "var(--warning-color, #ffa600)";

export const LOOKS: Readonly<Record<State, Look>> = {
    queued: { icon: mdiTrayFull, color: QUIET },
    scheduled: { icon: mdiClockOutline, color: QUIET },
    sent: { icon: mdiSend, color: OPEN },
    acknowledged: { icon: mdiProgressClock, color: OPEN },
    in_progress: { icon: mdiTimerSand, color: OPEN },
    success: { icon: mdiCheckCircleOutline, color: "var(--success-color, #43a047)" },
    failure: { icon: mdiAlertCircleOutline, color: "var(--error-color, #db4437)" },
    timeout: { icon: mdiHelpCircleOutline, color: WARNING },
    lost: { icon: mdiProgressQuestion, color: WARNING },
    cancelled: { icon: mdiCancel, color: QUIET },
};

/** An icon of 24 by 24; it says nothing that the words beside it do not say. */
export function icon(path: string): TemplateResult {
    return html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path}></path></svg>`;
}
