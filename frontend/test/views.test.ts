import { describe, expect, test } from "vitest";
import { itemsOf } from "../src/items";
import { lanesOf, marks } from "../src/lanes";
import { segments } from "../src/segments";
import { Clock } from "../src/time";
import { kindOf, usuals } from "../src/usual";
import { yaml } from "../src/yaml";
import { at, command, hass, open, T0 } from "./builders";

const clock = new Clock(hass());

describe("the list", () => {
    test("what is open stands on top, then day by day what has ended, the newest first", () => {
        const items = itemsOf(
            [
                open({ tracking_id: "04" }),
                command({ tracking_id: "03", finished_at: at(10) }),
                command({ tracking_id: "02", finished_at: at(20), state: "failure" }),
                command({ tracking_id: "01", finished_at: at(-86400) }),
            ],
            clock,
        );
        expect(items.map(({ key }) => key)).toEqual([
            "now",
            "04",
            "2026-11-20",
            "02",
            "03",
            "2026-11-19",
            "01",
        ]);
        expect(items[2]).toMatchObject({ counts: { failure: 1, success: 1 } });
    });
});

describe("the time line", () => {
    const now = T0 + 100_000;

    test("what overlaps is stacked, and what follows stands in the first free line", () => {
        const [lane] = lanesOf(
            [
                command({ tracking_id: "3", created_at: at(10), finished_at: at(12) }),
                command({ tracking_id: "2", created_at: at(1), finished_at: at(8) }),
                command({ tracking_id: "1", created_at: at(0), finished_at: at(5) }),
            ],
            T0 - 1000,
            now,
        );
        expect(lane?.bars.map(({ line }) => line)).toEqual([0, 1, 0]);
        expect(lane?.lines).toBe(2);
    });

    test("lanes are sorted by their last activity, and those without any are left out", () => {
        const lanes = lanesOf(
            [
                open({ target: "b", target_name: "B", created_at: at(0) }),
                command({ target: "a", target_name: "A" }),
                command({ target: "c", created_at: at(-9000), finished_at: at(-8000) }),
            ],
            T0 - 1000,
            now,
        );
        expect(lanes.map(({ name }) => name)).toEqual(["B", "A"]);
    });

    test("thousands at once do not make a lane higher than the screen", () => {
        const many = Array.from({ length: 1000 }, (_, number) =>
            open({ tracking_id: String(number) }),
        );
        expect(lanesOf(many, T0 - 1000, now)[0]?.lines).toBeLessThan(10);
    });

    test.each([1, 6, 24, 168])("%i hours have a few round marks", (hours) => {
        const { moments } = marks(T0 - hours * 3_600_000, T0, 8);
        expect(moments.length).toBeGreaterThan(2);
        expect(moments.length).toBeLessThanOrEqual(8);
    });
});

describe("the steps", () => {
    const steps = [
        { state: "queued" as const, provider_state: null, at: at(0) },
        { state: "sent" as const, provider_state: "SENT", at: at(1) },
        { state: "sent" as const, provider_state: "ODD", at: at(2) },
    ];

    test("are stretches of time until now", () => {
        expect(segments(open({ steps }), T0 + 5000)).toEqual([
            { state: "queued", from: T0, to: T0 + 1000 },
            { state: "sent", from: T0 + 1000, to: T0 + 5000 },
        ]);
    });

    test("or until the outcome, which takes no time itself", () => {
        const ended = [...steps, { state: "success" as const, provider_state: "OK", at: at(3) }];
        expect(segments(command({ steps: ended, duration: 3 }), T0 + 9000).at(-1)).toMatchObject({
            state: "sent",
            to: T0 + 3000,
        });
    });

    test("a record without steps is one stretch", () => {
        expect(segments(open(), T0 + 5000)).toEqual([{ state: "sent", from: T0, to: T0 + 5000 }]);
    });
});

describe("usual times", () => {
    test("are told from three successes on", () => {
        const two = [command({ duration: 1 }), command({ duration: 2 })];
        const kind = kindOf(command());
        expect(usuals(two).get(kind)?.median).toBeNull();
        const more = [...two, command({ duration: 9 }), command({ state: "failure" }), open()];
        expect(usuals(more).get(kind)).toMatchObject({ median: 2, ended: 4, succeeded: 3 });
    });
});

describe("YAML", () => {
    test("quotes what would be something else", () => {
        const text = yaml({ a: "on", b: "JOG", c: [1, { d: null }], e: {}, f: [], g: "a: b" });
        expect(text.trimStart()).toBe(
            'a: "on"\nb: JOG\nc:\n  - 1\n  - d: null\ne: {}\nf: []\ng: "a: b"\n',
        );
    });
});
