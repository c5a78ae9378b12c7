import { expect, test } from "vitest";
import { memo } from "../src/memo";

test("what is made of the same things is the same thing", () => {
    let times = 0;
    const pair = memo((one: object, other: number) => ({ one, other, times: (times += 1) }));
    const one = {};
    expect(pair(one, 2)).toBe(pair(one, 2));
    expect(pair({}, 2).times).toBe(2);
    expect(pair(one, 3).times).toBe(3);
});
