/** How long commands usually take, as far as those that are known tell. */

import type { Command } from "./types";

/** Successes from which a usual time is told; fewer say little. */
const ENOUGH = 3;

export interface Usual {
    count: number;
    ended: number;
    succeeded: number;
    /** Seconds; null while too few have succeeded. */
    median: number | null;
}

interface Sum {
    durations: number[];
    ended: number;
}

export function kindOf(command: Pick<Command, "config_entry_id" | "target" | "command">): string {
    return `${command.config_entry_id} ${command.target} ${command.command}`;
}

export function usuals(commands: readonly Command[]): Map<string, Usual> {
    const sums = new Map<string, Sum>();
    for (const command of commands) {
        if (!command.final) {
            continue;
        }
        const kind = kindOf(command);
        const sum = sums.get(kind) ?? { durations: [], ended: 0 };
        sums.set(kind, sum);
        sum.ended += 1;
        if (command.state === "success" && command.duration !== null) {
            sum.durations.push(command.duration);
        }
    }
    return new Map(
        [...sums].map(([kind, { durations, ended }]) => [
            kind,
            {
                count: ended,
                ended,
                succeeded: durations.length,
                median: durations.length < ENOUGH ? null : median(durations),
            },
        ]),
    );
}

export function median(numbers: readonly number[]): number | null {
    const sorted = [...numbers].sort((one, other) => one - other);
    return sorted[Math.floor(sorted.length / 2)] ?? null;
}
