import { describe, expect, test } from "vitest";
import { isNarrow, matches, NO_FILTERS, read, write } from "../src/filters";
import { command, hass, open, words } from "./builders";

const house = hass("en", {
    devices: { gate: { area_id: "yard", name: "Gate" } },
    entities: {
        "light.stairs": { entity_id: "light.stairs", platform: "mqtt", area_id: "hall" },
    },
});

const shows = (told: ReturnType<typeof command>, change: object): boolean =>
    matches(told, { ...NO_FILTERS, ...change }, house, words());

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
    [{ text: "for a moment" }, true],
    [{ text: "RELAY off" }, false],
])("%o", (change, shown) => {
    expect(shows(command(), change)).toBe(shown);
});

test("groups of states", () => {
    expect(shows(open(), { state: "open" })).toBe(true);
    expect(shows(command({ state: "lost" }), { state: "wrong" })).toBe(true);
});

describe("a thing without a device", () => {
    const stairs = { device_id: null, target: "light.stairs", target_name: "Stairs" };

    test("is chosen by its target, alone or among others", () => {
        expect(shows(command(stairs), { device: "light.stairs" })).toBe(true);
        expect(shows(command(stairs), { device: "gate,light.stairs" })).toBe(true);
        expect(shows(command(stairs), { device: "gate" })).toBe(false);
        expect(shows(command({ ...stairs, target: "a,b" }), { device: "a,b" })).toBe(true);
    });

    test("is where the entity is, if it is one of this home", () => {
        const light = command({ ...stairs, provider: "home", command: "light.turn_on" });
        expect(shows(light, { area: "hall" })).toBe(true);
        expect(shows(command({ ...stairs, provider: "rest" }), { area: "hall" })).toBe(false);
    });
});
