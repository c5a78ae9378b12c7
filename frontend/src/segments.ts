/** A command as stretches of time, one for each state that it was in. */

import { begun, ended } from "./items";
import type { Command, State } from "./types";

export interface Segment {
    state: State;
    /** Milliseconds since the epoch. */
    from: number;
    to: number;
}

/** The stretches until the outcome, or until now; the outcome itself takes no time. */
export function segments(command: Command, now: number): Segment[] {
    const asked = begun(command);
    const end = command.final ? ended(command) : now;
    const steps = (command.steps ?? []).map(({ state, at }) => ({ state, at: Date.parse(at) }));
    if (steps.length === 0) {
        return [
            {
                state: command.final ? "sent" : command.state,
                from: asked,
                to: Math.max(asked, end),
            },
        ];
    }
    const found: Segment[] = [];
    for (const [place, { state, at }] of steps.entries()) {
        const from = place === 0 ? asked : at;
        const to = Math.max(from, Math.min(end, steps[place + 1]?.at ?? end));
        const before = found.at(-1);
        if (before?.state === state) {
            before.to = to;
        } else if (to > from) {
            found.push({ state, from, to });
        }
    }
    return found;
}
