/** One command as a sentence: thing, what was asked, what became of it, when. */

import { mdiClose, mdiReplay } from "@mdi/js";
import { css, html, nothing, type TemplateResult } from "lit";
import type { Context } from "./context";
import { begun, ended } from "./items";
import { icon, LOOKS } from "./look";
import { segments } from "./segments";
import type { Command } from "./types";
import { kindOf, type Usual } from "./usual";

export interface Doors {
    open: (command: Command) => void;
    again: (command: Command) => void;
    cancel: (command: Command) => void;
}

export function renderRow(
    command: Command,
    { words, clock }: Context,
    usual: ReadonlyMap<string, Usual>,
    doors: Doors,
    reachable = true,
): TemplateResult {
    const now = clock.now();
    const look = LOOKS[command.state];
    const when = command.final
        ? clock.timeOf(ended(command))
        : clock.duration(Math.max(0, Math.round((now - begun(command)) / 1000)));
    const asked = words.command(command);
    return html`
        <button
            class="row"
            type="button"
            tabindex=${reachable ? 0 : -1}
            data-id=${command.tracking_id}
            data-state=${command.state}
            @click=${() => doors.open(command)}
        >
            <span class="icon" style="color:${look.color}">${icon(look.icon)}</span>
            <span class="thing">${command.target_name}</span>
            <span class="asked" title=${asked}>${asked}</span>
            <span class="outcome">${renderOutcome(command, words)}</span>
            ${command.final ? nothing : renderBar(command, now, usual.get(kindOf(command))?.median ?? null)}
            <span class="when">${when}</span>
        </button>
        ${renderAction(command, words, doors, reachable)}
    `;
}

function renderOutcome(command: Command, words: Context["words"]): TemplateResult {
    const why = words.why(command);
    return html`<span class="what">${words.what(command)}</span>${
            why ? html`<span class="colon">: </span><span class="why">${why}</span>` : nothing
        }`;
}

function renderAction(
    command: Command,
    words: Context["words"],
    doors: Doors,
    reachable: boolean,
): TemplateResult {
    const [key, path, act] = command.final
        ? (["again", mdiReplay, doors.again] as const)
        : (["cancel", mdiClose, doors.cancel] as const);
    const wrong = ["failure", "timeout", "lost"].includes(command.state);
    const label = words.say(`${key}.label`);
    return html`<button
        class="action ${wrong || !command.final ? "rest" : ""}"
        type="button"
        tabindex=${reachable ? 0 : -1}
        title=${label}
        aria-label="${label}: ${command.target_name}, ${words.command(command)}"
        @click=${() => act(command)}
    >
        ${icon(path)}
    </button>`;
}

/** A bar that grows from its steps towards the usual time, or the end of the wait window. */
function renderBar(command: Command, now: number, usual: number | null): TemplateResult {
    const asked = begun(command);
    const window = Date.parse(command.deadline) - asked;
    const full = usual === null ? window : Math.min(window, usual * 2500);
    const share = (moment: number): number =>
        Math.min(100, Math.max(0, ((moment - asked) / full) * 100));
    return html`<span class="bar" aria-hidden="true">
        ${segments(command, now).map(
            ({ state, from, to }) =>
                html`<i
                    style="inline-size:${share(to) - share(from)}%;background:${LOOKS[state].color}"
                ></i>`,
        )}
        ${usual === null ? nothing : html`<b style="inset-inline-start:${share(asked + usual * 1000)}%"></b>`}
    </span>`;
}

export const rowStyles = css`
    svg {
        inline-size: 24px;
        block-size: 24px;
        fill: currentcolor;
        display: block;
    }
    .line {
        display: flex;
        align-items: stretch;
        box-sizing: border-box;
        border-block-end: 1px solid var(--divider-color, #e0e0e0);
        container-type: inline-size;
    }
    .line:hover {
        background: color-mix(in srgb, var(--primary-text-color, #212121) 4%, transparent);
    }
    .row {
        all: unset;
        box-sizing: border-box;
        flex: 1;
        min-inline-size: 0;
        display: grid;
        grid-template-columns: 24px minmax(0, 5fr) minmax(0, 5fr) minmax(0, 9fr) 76px;
        grid-template-areas: "icon thing asked outcome when";
        column-gap: 12px;
        align-items: center;
        padding-inline: 16px 4px;
        cursor: pointer;
    }
    .row > span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
    }
    .icon {
        grid-area: icon;
    }
    .thing {
        grid-area: thing;
        font-weight: 500;
    }
    .asked {
        grid-area: asked;
        color: var(--secondary-text-color, #727272);
    }
    .outcome {
        grid-area: outcome;
    }
    .when {
        grid-area: when;
        text-align: end;
        color: var(--secondary-text-color, #727272);
        font-variant-numeric: tabular-nums;
    }
    .row:has(.bar) > .outcome {
        padding-inline-end: 132px;
    }
    .row > .bar {
        grid-area: outcome;
        justify-self: end;
        position: relative;
        display: flex;
        inline-size: 120px;
        block-size: 6px;
        border-radius: 3px;
        background: var(--divider-color, #e0e0e0);
    }
    .bar b {
        position: absolute;
        inset-block: 0;
        inline-size: 2px;
        background: var(--primary-text-color, #212121);
        opacity: 0.5;
    }
    .action {
        all: unset;
        box-sizing: border-box;
        flex: none;
        display: grid;
        place-items: center;
        inline-size: 48px;
        min-block-size: 44px;
        cursor: pointer;
        color: var(--secondary-text-color, #727272);
        opacity: 0;
    }
    .action.rest,
    .line:hover .action,
    .action:focus-visible,
    .row:focus-visible + .action {
        opacity: 1;
    }
    .action:hover {
        color: var(--primary-text-color, #212121);
    }
    .row:focus-visible,
    .action:focus-visible {
        outline: 2px solid var(--primary-color, #03a9f4);
        outline-offset: -2px;
    }
    @container (inline-size < 860px) {
        .row {
            grid-template-columns: 24px minmax(25%, 1fr) minmax(0, auto) auto;
            grid-template-areas: "icon thing what what" "icon asked asked when" "icon bar bar bar" "icon why why why";
            align-content: center;
            row-gap: 2px;
            padding-block: 6px;
            padding-inline-end: 0;
        }
        .row > .outcome {
            display: contents;
        }
        .what,
        .why {
            overflow: hidden;
            text-overflow: ellipsis;
            white-space: nowrap;
        }
        .what {
            grid-area: what;
            text-align: end;
        }
        .why {
            grid-area: why;
        }
        .colon {
            display: none;
        }
        .row > .bar {
            grid-area: bar;
            justify-self: stretch;
            inline-size: auto;
            margin-block-start: 2px;
        }
        .asked,
        .when {
            font-size: 0.875em;
        }
        .action:not(.rest) {
            display: none;
        }
        .row:not(:has(+ .rest)) {
            padding-inline-end: 16px;
        }
    }
    @media (hover: none) {
        .action:not(.rest) {
            opacity: 0;
            pointer-events: none;
        }
    }
`;
