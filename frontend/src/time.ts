/** Moments and durations, as the user has chosen to read them. */

import type { Hass, Locale } from "./types";

const MINUTE = 60;
const HOUR = 3600;
const QUARTER = 900_000;
export const DAY = 86_400_000;

/** Formats of one user. They are costly to make, so they are kept until a choice changes. */
export class Clock {
    /** Milliseconds by which Home Assistant's clock is ahead of this browser's. */
    ahead = 0;

    private readonly time: Intl.DateTimeFormat;
    private readonly exact: Intl.DateTimeFormat;
    private readonly weekday: Intl.DateTimeFormat;
    private readonly date: Intl.DateTimeFormat;
    private readonly key: Intl.DateTimeFormat;
    private readonly keys = new Map<number, string>();
    private readonly relative: Intl.RelativeTimeFormat;
    private readonly numbers: readonly Intl.NumberFormat[];
    private readonly percents: Intl.NumberFormat;
    private readonly language: string;

    constructor(hass: Pick<Hass, "locale" | "config" | "language">) {
        const { locale } = hass;
        const zone = locale.time_zone === "server" ? { timeZone: hass.config.time_zone } : {};
        const language = dates(locale);
        const hours: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", ...zone };
        if (locale.time_format === "12" || locale.time_format === "24") {
            hours.hourCycle = locale.time_format === "12" ? "h12" : "h23";
        }
        const system = locale.time_format === "system" ? undefined : locale.language;
        this.time = new Intl.DateTimeFormat(system, hours);
        this.exact = new Intl.DateTimeFormat(system, {
            ...hours,
            second: "2-digit",
            fractionalSecondDigits: 1,
        });
        this.weekday = new Intl.DateTimeFormat(language, {
            weekday: "long",
            day: "numeric",
            month: "long",
            ...zone,
        });
        this.date = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", ...zone });
        this.key = new Intl.DateTimeFormat("en-CA", zone);
        this.relative = new Intl.RelativeTimeFormat(locale.language, { numeric: "auto" });
        const digits = [0, 1];
        this.numbers = digits.map(
            (each) =>
                new Intl.NumberFormat(numbers(locale), {
                    minimumFractionDigits: each,
                    maximumFractionDigits: each,
                }),
        );
        this.percents = new Intl.NumberFormat(numbers(locale), {
            style: "percent",
            maximumFractionDigits: 0,
        });
        this.language = locale.language;
    }

    /** The moment at Home Assistant, in milliseconds since the epoch. */
    now(): number {
        return Date.now() + this.ahead;
    }

    timeOf(moment: number): string {
        return this.time.format(moment);
    }

    exactTimeOf(moment: number): string {
        return this.exact.format(moment);
    }

    dateOf(moment: number): string {
        return this.date.format(moment);
    }

    /** A word for the day of a moment that sorts, and tells days apart in the user's time zone. */
    dayKey(moment: number): string {
        // No time zone changes its day but at a quarter of an hour; a thousand rows ask often.
        const quarter = Math.floor(moment / QUARTER);
        let key = this.keys.get(quarter);
        if (key === undefined) {
            key = this.key.format(moment);
            this.keys.set(quarter, key);
        }
        return key;
    }

    /** Today, yesterday, or the day by its name. */
    dayName(moment: number, now: number): string {
        const day = this.dayKey(moment);
        for (const ago of [0, 1]) {
            if (day === this.dayKey(now - ago * DAY)) {
                return capital(
                    this.relative.format(-ago, "day"),
                    this.relative.resolvedOptions().locale,
                );
            }
        }
        return this.weekday.format(moment);
    }

    number(value: number, digits: 0 | 1 = 0): string {
        return this.numbers[digits]?.format(value) ?? String(value);
    }

    percent(share: number): string {
        return this.percents.format(share);
    }

    /** As 3.2 s, from ten seconds as 32 s, from two minutes as 2:05 or 1:02:05. */
    duration(seconds: number): string {
        if (seconds < 2 * MINUTE) {
            const digits = seconds < 10 && seconds % 1 !== 0 ? 1 : 0;
            return `${this.number(seconds, digits)}\u00a0s`;
        }
        const whole = Math.round(seconds);
        const parts = [
            Math.floor(whole / HOUR),
            Math.floor(whole / MINUTE) % MINUTE,
            whole % MINUTE,
        ];
        return (parts[0] === 0 ? parts.slice(1) : parts)
            .map((part, place) => (place === 0 ? String(part) : String(part).padStart(2, "0")))
            .join(":");
    }

    /** Hours, or days where there are many. */
    span(hours: number): string {
        const [value, unit] = hours < 48 ? [hours, "hour"] : [hours / 24, "day"];
        return value.toLocaleString(this.language, { style: "unit", unit, unitDisplay: "short" });
    }
}

/** The language that writes numbers as the user has chosen. */
function numbers(locale: Locale): string | undefined {
    const chosen: Record<string, string | undefined> = {
        comma_decimal: "en-US",
        decimal_comma: "de",
        space_comma: "fr",
        quote_decimal: "de-CH",
    };
    return locale.number_format === "system"
        ? undefined
        : (chosen[locale.number_format] ?? locale.language);
}

/** The language that writes dates as the user has chosen; named days need no order of numbers. */
function dates(locale: Locale): string | undefined {
    return locale.date_format === "system" ? undefined : locale.language;
}

function capital(word: string, language: string): string {
    return word.charAt(0).toLocaleUpperCase(language) + word.slice(1);
}
