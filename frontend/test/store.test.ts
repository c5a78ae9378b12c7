import type { Connection } from "home-assistant-js-websocket";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CommandStore, type Snapshot } from "../src/store";
import type { News } from "../src/types";
import { command, hass } from "./builders";

/** A connection as Home Assistant's: it forgets its subscriptions when it is lost. */
class Fake {
    readonly listeners = new Map<string, Set<() => void>>();
    tell: ((news: News) => void) | undefined;
    opened = 0;
    refuses = false;

    addEventListener(name: string, listener: () => void): void {
        this.listeners.set(name, (this.listeners.get(name) ?? new Set()).add(listener));
    }

    removeEventListener(name: string, listener: () => void): void {
        this.listeners.get(name)?.delete(listener);
    }

    fire(name: string): void {
        for (const listener of this.listeners.get(name) ?? []) {
            listener();
        }
    }

    subscribeMessage(tell: (news: News) => void): Promise<() => Promise<void>> {
        this.opened += 1;
        if (this.refuses) {
            return Promise.reject(new Error("unknown_command"));
        }
        this.tell = tell;
        return Promise.resolve(() => Promise.resolve());
    }

    sendMessagePromise(): Promise<unknown> {
        return Promise.resolve({
            now: Date.now() / 1000 + 60,
            version: "new",
            accounts: { a: "A" },
            providers: { a: "wlte" },
        });
    }
}

let connection: Fake;
let seen: Snapshot[];
let store: CommandStore;

beforeEach(() => {
    vi.useFakeTimers();
    connection = new Fake();
    seen = [];
    const home = hass("en", { connection: connection as unknown as Connection });
    store = new CommandStore(home, {}, "old", (snapshot) => seen.push(snapshot));
});

afterEach(() => {
    store.stop();
    vi.useRealTimers();
});

const ids = (): string[] | undefined => seen.at(-1)?.commands.map((each) => each.tracking_id);

test("what is told is shown, the newest first", async () => {
    await vi.advanceTimersByTimeAsync(10);
    connection.tell?.({
        commands: [command({ tracking_id: "1" }), command({ tracking_id: "2" })],
        removed: [],
    });
    await vi.advanceTimersByTimeAsync(300);
    expect(ids()).toEqual(["2", "1"]);
    expect(seen.at(-1)?.condition).toBe("live");
});

test("many changes are shown a few times a second", async () => {
    await vi.advanceTimersByTimeAsync(10);
    for (let number = 0; number < 100; number += 1) {
        connection.tell?.({ commands: [command({ tracking_id: String(number) })], removed: [] });
        await vi.advanceTimersByTimeAsync(10);
    }
    expect(seen.length).toBeLessThanOrEqual(6);
});

test("the clock, the version and the accounts of Home Assistant are known", async () => {
    await vi.advanceTimersByTimeAsync(10);
    connection.tell?.({ commands: [], removed: [] });
    await vi.advanceTimersByTimeAsync(300);
    expect(seen.at(-1)?.ahead).toBeGreaterThan(59_000);
    expect(seen.at(-1)).toMatchObject({
        outdated: true,
        accounts: { a: "A" },
        providers: { a: "wlte" },
    });
});

test("a lost connection is said, and what is known stays", async () => {
    await vi.advanceTimersByTimeAsync(10);
    connection.tell?.({ commands: [command({ tracking_id: "1" })], removed: [] });
    connection.fire("disconnected");
    await vi.advanceTimersByTimeAsync(300);
    expect(seen.at(-1)?.condition).toBe("lost");
    expect(ids()).toEqual(["1"]);
});

test("it comes back by itself, also when Home Assistant does not know the question yet", async () => {
    await vi.advanceTimersByTimeAsync(10);
    connection.tell?.({
        commands: [command({ tracking_id: "1" }), command({ tracking_id: "2" })],
        removed: [],
    });
    connection.fire("disconnected");
    connection.refuses = true;
    connection.fire("ready");
    await vi.advanceTimersByTimeAsync(2_000);
    connection.refuses = false;
    await vi.advanceTimersByTimeAsync(10_000);
    connection.tell?.({ commands: [command({ tracking_id: "2" })], removed: [] });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(seen.at(-1)?.condition).toBe("live");
    // What the new beginning did not bring is gone.
    expect(ids()).toEqual(["2"]);
});

test("a refusal that lasts is an error, and can be tried again", async () => {
    store.stop();
    connection.refuses = true;
    const home = hass("en", { connection: connection as unknown as Connection });
    store = new CommandStore(home, {}, "", (snapshot) => seen.push(snapshot));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(seen.at(-1)?.condition).toBe("failed");
    connection.refuses = false;
    store.again();
    await vi.advanceTimersByTimeAsync(10);
    connection.tell?.({ commands: [], removed: [] });
    await vi.advanceTimersByTimeAsync(300);
    expect(seen.at(-1)?.condition).toBe("live");
});

test("what an older opening still brings is not heard", async () => {
    await vi.advanceTimersByTimeAsync(10);
    const before = connection.tell;
    connection.fire("ready");
    await vi.advanceTimersByTimeAsync(10);
    connection.tell?.({ commands: [command({ tracking_id: "1" })], removed: [] });
    before?.({ commands: [command({ tracking_id: "old" })], removed: [] });
    await vi.advanceTimersByTimeAsync(300);
    expect(ids()).toEqual(["1"]);
});

test("it leaves nothing behind", () => {
    store.stop();
    expect([...connection.listeners.values()].every((each) => each.size === 0)).toBe(true);
});
