import { expect, test } from "vitest";
import { isNarrow, matches, NO_FILTERS, read, write } from "../src/filters";
import { command, hass, open } from "./builders";

const home = hass("en", { devices: { gate: { area_id: "yard", name: "Gate" } } });

test("a link shows the same", () => {
    const filters = {
        ...NO_FILTERS,
        view: "line" as const,
        area: "yard",
        text: "gate 1",
        span: 24,
    };
    expect(read(write(filters))).toEqual(filters);
});

test("without filters the address stays short", () => {
    expect(write(NO_FILTERS)).toBe("");
    expect(isNarrow(NO_FILTERS)).toBe(false);
});

test("an address that makes no sense shows everything", () => {
    expect(read("?view=nonsense&span=soon")).toEqual(NO_FILTERS);
});

test.each([
    [{ account: "account" }, true],
    [{ account: "other" }, false],
    [{ area: "yard" }, true],
    [{ area: "attic" }, false],
    [{ device: "gate" }, true],
    [{ device: "garage,gate" }, true],
    [{ device: "garage" }, false],
    [{ state: "success" }, true],
    [{ state: "wrong" }, false],
    [{ tag: "night" }, false],
    [{ target: "dev-7/1", command: "JOG" }, true],
    [{ command: "ON" }, false],
    [{ text: "relay jog" }, true],
    [{ text: "RELAY off" }, false],
])("%o", (change, shown) => {
    expect(matches(command(), { ...NO_FILTERS, ...change }, home)).toBe(shown);
});

test("groups of states", () => {
    expect(matches(open(), { ...NO_FILTERS, state: "open" }, home)).toBe(true);
    expect(matches(command({ state: "lost" }), { ...NO_FILTERS, state: "wrong" }, home)).toBe(true);
});
