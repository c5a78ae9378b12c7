/** All commands that the user may see, as they are now; shared by the views. */

import { Subscription } from "./subscription";
import type { Command, Hass, News } from "./types";

/** Milliseconds between two changes of what is shown; the eye reads no faster. */
const BEAT = 250;
/** Milliseconds after which what a new beginning did not bring is gone. */
const SETTLED = 1_000;
/** Milliseconds of a refusal that nobody need hear of: Home Assistant may still be starting. */
const PATIENCE = 6_000;

export type Condition = "loading" | "live" | "lost" | "failed";

export interface Snapshot {
    condition: Condition;
    /** The newest first. */
    commands: readonly Command[];
    /** Grows with each change. */
    version: number;
    /** Milliseconds by which Home Assistant's clock is ahead. */
    ahead: number;
    /** Whether Home Assistant has a newer bundle than this page. */
    outdated: boolean;
    /** The names of the accounts, by their ids. */
    accounts: Readonly<Record<string, string>>;
    /** Who runs the commands of each account; none until Home Assistant has told, or cannot. */
    providers: Readonly<Record<string, string>> | undefined;
}

interface About {
    now: number;
    version: string;
    accounts: Record<string, string>;
    /** What an older Home Assistant does not tell. */
    providers?: Record<string, string>;
}

export class CommandStore {
    private readonly known = new Map<string, Command>();
    private readonly stale = new Set<string>();
    private readonly subscription: Subscription<News>;
    private readonly connection: Hass["connection"];
    private condition: Condition = "loading";
    private sorted: readonly Command[] = [];
    private version = 0;
    private ahead = 0;
    private outdated = false;
    private accounts: Readonly<Record<string, string>> = {};
    private providers: Readonly<Record<string, string>> | undefined;
    private since = performance.now();
    private beat: ReturnType<typeof setTimeout> | undefined;
    private settling: ReturnType<typeof setTimeout> | undefined;
    private last = -BEAT;

    constructor(
        hass: Hass,
        filter: Record<string, unknown>,
        /** The version of this page's bundle; empty where it need not be compared. */
        private readonly bundle: string,
        private readonly changed: (snapshot: Snapshot) => void,
    ) {
        this.connection = hass.connection;
        this.connection.addEventListener("disconnected", this.lost);
        this.subscription = new Subscription(
            hass.connection,
            { type: "command_status/subscribe", ...filter },
            { news: this.take, refused: this.refused },
        );
    }

    readonly again = (): void => {
        this.condition = "loading";
        this.since = performance.now();
        this.soon();
        this.subscription.again();
    };

    stop(): void {
        this.connection.removeEventListener("disconnected", this.lost);
        this.subscription.stop();
        clearTimeout(this.beat);
        clearTimeout(this.settling);
    }

    private readonly take = (news: News, first: boolean): void => {
        if (first) {
            void this.ask();
            this.stale.clear();
            for (const trackingId of this.known.keys()) {
                this.stale.add(trackingId);
            }
            clearTimeout(this.settling);
            this.settling = setTimeout(this.settle, SETTLED);
        }
        for (const command of news.commands) {
            this.known.set(command.tracking_id, command);
            this.stale.delete(command.tracking_id);
        }
        for (const trackingId of news.removed) {
            this.known.delete(trackingId);
        }
        this.condition = "live";
        this.soon();
    };

    private readonly settle = (): void => {
        for (const trackingId of this.stale) {
            this.known.delete(trackingId);
        }
        this.stale.clear();
        this.soon();
    };

    private readonly lost = (): void => {
        this.condition = this.known.size > 0 || this.condition === "live" ? "lost" : "loading";
        this.since = performance.now();
        this.soon();
    };

    private readonly refused = (): void => {
        if (this.condition !== "live" && performance.now() - this.since > PATIENCE) {
            this.condition = "failed";
            this.soon();
        }
    };

    /** Learn Home Assistant's clock, and whether this page is of an older version. */
    private async ask(): Promise<void> {
        const asked = Date.now();
        try {
            const about = await this.connection.sendMessagePromise<About>({
                type: "command_status/about",
            });
            this.ahead = Math.round(about.now * 1000 - (asked + Date.now()) / 2);
            this.accounts = about.accounts;
            this.providers = about.providers ?? {};
            this.outdated = this.bundle !== "" && about.version !== this.bundle;
        } catch {
            // Without an answer this browser's own clock is the best there is.
            this.providers ??= {};
        }
        this.soon();
    }

    /** Tell what is new: at once after a quiet time, and never more often than the beat. */
    private soon(): void {
        this.beat ??= setTimeout(this.tell, Math.max(0, this.last + BEAT - performance.now()));
    }

    private readonly tell = (): void => {
        this.beat = undefined;
        this.last = performance.now();
        this.version += 1;
        this.sorted = [...this.known.values()].sort((one, other) =>
            one.tracking_id < other.tracking_id ? 1 : -1,
        );
        this.changed({
            condition: this.condition,
            commands: this.sorted,
            version: this.version,
            ahead: this.ahead,
            outdated: this.outdated,
            accounts: this.accounts,
            providers: this.providers,
        });
    };
}
