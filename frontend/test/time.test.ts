import { expect, test } from "vitest";
import { Clock, DAY } from "../src/time";
import { hass, locale, T0 } from "./builders";

const clock = (changes = {}): Clock => new Clock(hass("en", { locale: locale(changes) }));

test("hours are written as the user has chosen", () => {
    expect(clock({ time_format: "24" }).timeOf(T0)).toBe("12:00");
    expect(clock({ time_format: "12" }).timeOf(T0)).toMatch(/12:00\sPM/);
});

test("moments are those of the chosen time zone", () => {
    const home = hass("en", { config: { time_zone: "Asia/Tokyo" } });
    expect(new Clock(home).dayKey(T0 + 4 * 3_600_000)).toBe("2026-11-21");
});

test("days have names", () => {
    expect(clock().dayName(T0, T0)).toBe("Today");
    expect(clock().dayName(T0 - DAY, T0)).toBe("Yesterday");
    expect(clock().dayName(T0 - 2 * DAY, T0)).toContain("Wednesday");
});

test("numbers are written as the user has chosen", () => {
    expect(clock({ number_format: "decimal_comma" }).duration(3.24)).toBe("3,2\u00a0s");
    expect(clock({ number_format: "comma_decimal" }).number(1234)).toBe("1,234");
});

test.each([
    [0.12, "0.1\u00a0s"],
    [3, "3\u00a0s"],
    [32.4, "32\u00a0s"],
    [119, "119\u00a0s"],
    [125, "2:05"],
    [3725, "1:02:05"],
])("%f seconds", (seconds, text) => {
    expect(clock().duration(seconds)).toBe(text);
});

test("the clock follows Home Assistant's", () => {
    const ahead = clock();
    ahead.ahead = DAY;
    expect(ahead.now() - Date.now()).toBeGreaterThan(DAY - 1000);
});
