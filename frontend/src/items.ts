/** The list as it is read: what is open now on top, then what has ended, day by day. */

import type { Clock } from "./time";
import type { Command, State } from "./types";

export interface Head {
    kind: "head";
    key: string;
    /** The day, or null for what is open now. */
    day: number | null;
    counts: Partial<Record<State | "open", number>>;
}

export interface Row {
    kind: "row";
    key: string;
    command: Command;
}

export type Item = Head | Row;

/** When a command was asked for; its first step tells that more exactly than its record. */
export function begun(command: Command): number {
    return Date.parse(command.steps?.[0]?.at ?? command.created_at);
}

export function ended(command: Command): number {
    return begun(command) + (command.duration ?? 0) * 1000;
}

/** Commands come with the newest first; those that have ended are sorted by when they did. */
export function itemsOf(commands: readonly Command[], clock: Clock): Item[] {
    const open = commands.filter((command) => !command.final);
    const done = commands
        .filter((command) => command.final)
        .map((command) => ({ command, moment: ended(command) }))
        .sort((one, other) => other.moment - one.moment);
    const items: Item[] = [];
    if (open.length > 0) {
        items.push({ kind: "head", key: "now", day: null, counts: { open: open.length } });
        items.push(...open.map(row));
    }
    let head: Head | undefined;
    for (const { command, moment } of done) {
        const key = clock.dayKey(moment);
        if (head?.key !== key) {
            head = { kind: "head", key, day: moment, counts: {} };
            items.push(head);
        }
        head.counts[command.state] = (head.counts[command.state] ?? 0) + 1;
        items.push(row(command));
    }
    return items;
}

function row(command: Command): Row {
    return { kind: "row", key: command.tracking_id, command };
}
