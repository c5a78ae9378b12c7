/** A subscription that comes back by itself: after a lost connection, and after a restart. */

import type { Connection } from "home-assistant-js-websocket";

export interface Listener<News> {
    /** What arrives; `first` says that it begins anew, so that what is known may be old. */
    news: (news: News, first: boolean) => void;
    /** Home Assistant refuses, or does not know the question yet; it is asked again. */
    refused: (error: unknown) => void;
}

const PAUSES = [500, 1_000, 2_000, 5_000, 10_000];

/**
 * Home Assistant's own way back gives up for good where the integration is set up later than its
 * web server, so each opening is one of our own; what an older one still brings is not heard.
 */
export class Subscription<News> {
    private generation = 0;
    private failures = 0;
    private timer: ReturnType<typeof setTimeout> | undefined;
    private close: (() => Promise<void>) | undefined;

    constructor(
        private readonly connection: Connection,
        private readonly message: { type: string } & Record<string, unknown>,
        private readonly listener: Listener<News>,
    ) {
        connection.addEventListener("ready", this.ready);
        void this.open();
    }

    /** Begin anew at once, as when the user asks for it. */
    readonly again = (): void => {
        this.failures = 0;
        void this.open();
    };

    stop(): void {
        this.connection.removeEventListener("ready", this.ready);
        this.end();
    }

    private readonly ready = (): void => {
        // The connection goes through its listeners at this moment; none may be added meanwhile.
        queueMicrotask(this.again);
    };

    private end(): void {
        this.generation += 1;
        clearTimeout(this.timer);
        // The other end may be gone already, and its subscriptions with it.
        this.close?.().catch(() => undefined);
        this.close = undefined;
    }

    private async open(): Promise<void> {
        this.end();
        const generation = this.generation;
        let first = true;
        try {
            const close = await this.connection.subscribeMessage<News>(
                (news) => {
                    if (generation === this.generation) {
                        this.failures = 0;
                        this.listener.news(news, first);
                        first = false;
                    }
                },
                this.message,
                { resubscribe: false },
            );
            if (generation === this.generation) {
                this.close = close;
            } else {
                close().catch(() => undefined);
            }
        } catch (error) {
            if (generation === this.generation) {
                this.listener.refused(error);
                const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
                this.failures += 1;
                this.timer = setTimeout(() => void this.open(), pause);
            }
        }
    }
}
