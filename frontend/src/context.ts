/** What every view needs to know of the user and of Home Assistant. */

import { Clock } from "./time";
import type { Hass } from "./types";
import { Words } from "./words";

export interface Context {
    hass: Hass;
    words: Words;
    clock: Clock;
}

/** The properties of `hass` whose change is seen by the user; states of the house are not. */
const SEEN = [
    "localize",
    "language",
    "locale",
    "themes",
    "connected",
    "connection",
    "entities",
    "devices",
    "areas",
    "panels",
    "user",
] as const;

export function isSeen(before: Hass | undefined, now: Hass): boolean {
    const one = before as unknown as Record<string, unknown> | undefined;
    const other = now as unknown as Record<string, unknown>;
    return !one || SEEN.some((name) => one[name] !== other[name]);
}

/** Make a context anew where language or formats have changed; the clock's correction stays. */
export function contextOf(hass: Hass, before: Context | undefined): Context {
    if (
        before?.hass.locale === hass.locale &&
        before.hass.localize === hass.localize &&
        before.hass.language === hass.language
    ) {
        return { ...before, hass };
    }
    const clock = new Clock(hass);
    clock.ahead = before?.clock.ahead ?? 0;
    return { hass, clock, words: new Words(hass, clock) };
}
