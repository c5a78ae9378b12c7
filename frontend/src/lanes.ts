/** The time line in numbers: one lane for each target, overlapping commands stacked within it. */

import { begun, ended } from "./items";
import type { Command } from "./types";

/** Lines within a lane; what overlaps more than that shares the last one. */
const DEEPEST = 5;

export interface Bar {
    command: Command;
    /** Milliseconds since the epoch. */
    from: number;
    to: number;
    /** Which line of its lane, from the top. */
    line: number;
}

export interface Lane {
    key: string;
    name: string;
    bars: Bar[];
    lines: number;
    last: number;
}

/** The lanes of what happened in a span of time, the most recently active first. */
export function lanesOf(commands: readonly Command[], from: number, now: number): Lane[] {
    const lanes = new Map<string, Lane>();
    for (let place = commands.length - 1; place >= 0; place -= 1) {
        const command = commands[place];
        if (!command) {
            continue;
        }
        const bar = barOf(command, now);
        if (bar.to < from) {
            continue;
        }
        const key = `${command.config_entry_id} ${command.target}`;
        let lane = lanes.get(key);
        if (!lane) {
            lane = { key, name: command.target_name, bars: [], lines: 1, last: 0 };
            lanes.set(key, lane);
        }
        lane.name = command.target_name;
        lane.last = Math.max(lane.last, bar.to);
        lane.bars.push(bar);
    }
    for (const lane of lanes.values()) {
        stack(lane);
    }
    return [...lanes.values()].sort(
        (one, other) => other.last - one.last || one.name.localeCompare(other.name),
    );
}

function barOf(command: Command, now: number): Bar {
    const from = begun(command);
    const to = command.final ? ended(command) : now;
    return { command, from, to: Math.max(from, to), line: 0 };
}

/** Give each bar the first line that is free when it begins. */
function stack(lane: Lane): void {
    const free: number[] = [];
    for (const bar of lane.bars) {
        let line = free.findIndex((moment) => moment <= bar.from);
        if (line < 0) {
            line = Math.min(free.length, DEEPEST - 1);
        }
        bar.line = line;
        free[line] = Math.max(free[line] ?? 0, bar.to);
    }
    lane.lines = Math.max(1, free.length);
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STEPS = [5 * MINUTE, 10 * MINUTE, 15 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 24 * HOUR];

/** Round moments for the scale, so many at the most. */
export function marks(
    from: number,
    to: number,
    most: number,
): { moments: number[]; days: boolean } {
    const step = STEPS.find((each) => (to - from) / each <= most) ?? 48 * HOUR;
    const offset = new Date(to).getTimezoneOffset() * MINUTE;
    const moments: number[] = [];
    for (let at = Math.ceil((from - offset) / step) * step + offset; at < to; at += step) {
        moments.push(at);
    }
    return { moments, days: step >= 24 * HOUR };
}
