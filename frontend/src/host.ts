/** What panel and card have in common: the commands, their details, and what is done with them. */

import {
    html,
    LitElement,
    nothing,
    type PropertyDeclarations,
    type PropertyValues,
    type TemplateResult,
} from "lit";
import { cancel, forget, makeAutomation, sendAgain, toast, told, triggerOf } from "./acts";
import "./ask";
import type { Ask } from "./ask";
import { contextOf, isSeen, type Context } from "./context";
import "./details";
import { CommandStore, type Snapshot } from "./store";
import type { Command, Hass } from "./types";
import { usuals, type Usual } from "./usual";
import { loadActions, loadWords } from "./words";

/** Milliseconds between two looks at the clock: while something is open, and otherwise. */
const TICK = { open: 1_000, quiet: 15_000 };
/** Milliseconds for which usual times are good enough. */
const USUAL_AGE = 5_000;

const NOTHING: Snapshot = {
    condition: "loading",
    commands: [],
    version: 0,
    ahead: 0,
    outdated: false,
    accounts: {},
    providers: undefined,
};

export abstract class CommandHost extends LitElement {
    static override properties: PropertyDeclarations = {
        hass: { attribute: false },
        context: { state: true },
        snapshot: { state: true },
        chosen: { state: true },
        tick: { state: true },
        spoken: { state: true },
    };

    declare hass: Hass;
    declare context: Context | undefined;
    declare snapshot: Snapshot;
    /** The tracking id of the command whose details are open. */
    declare chosen: string;
    declare tick: number;
    /** The language whose texts are there; nothing is shown before, nor half of it in another. */
    declare spoken: string;

    protected usual: ReadonlyMap<string, Usual> = new Map();
    protected store: CommandStore | undefined;
    private usualAt = -USUAL_AGE;
    private language = "";
    private timer: ReturnType<typeof setTimeout> | undefined;
    /** What was last seen of a command whose details are open. */
    private last: Command | undefined;

    constructor() {
        super();
        this.snapshot = NOTHING;
        this.chosen = "";
        this.tick = 0;
        this.spoken = "";
        const listen = (name: string, act: (command: Command) => void): void =>
            this.addEventListener(name, (event) => {
                event.stopPropagation();
                act((event as CustomEvent<Command>).detail);
            });
        listen("command-open", (command) => (this.chosen = command.tracking_id));
        listen("command-again", (command) => void this.again(command));
        listen("command-cancel", (command) => void this.try(() => cancel(this.hass, command)));
        listen("command-forget", (command) => void this.forget(command));
        listen("command-automate", (command) => void this.automate(command));
        listen("details-closed", () => (this.chosen = ""));
    }

    /** Which commands are asked for, and the version of the bundle to compare. */
    protected abstract subscription(): { filter: Record<string, unknown>; bundle: string };

    override connectedCallback(): void {
        super.connectedCallback();
        // Home Assistant may take an element out of the page and put it back later.
        this.begin();
        document.addEventListener("visibilitychange", this.ticked);
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        this.end();
        document.removeEventListener("visibilitychange", this.ticked);
    }

    protected begin(): void {
        if (this.store ?? !this.hass) {
            return;
        }
        const { filter, bundle } = this.subscription();
        this.store = new CommandStore(this.hass, filter, bundle, (snapshot) => {
            this.snapshot = snapshot;
        });
        this.ticked();
    }

    private async learn(hass: Hass): Promise<void> {
        await loadWords(hass);
        if (this.language === hass.language) {
            this.spoken = hass.language;
            loadActions(hass, this.snapshot.commands);
        }
    }

    protected end(): void {
        this.store?.stop();
        this.store = undefined;
        clearTimeout(this.timer);
    }

    private readonly ticked = (): void => {
        clearTimeout(this.timer);
        if (!this.isConnected || document.hidden) {
            return;
        }
        this.tick += 1;
        const open = this.snapshot.commands.some((command) => !command.final);
        this.timer = setTimeout(this.ticked, open ? TICK.open : TICK.quiet);
    };

    protected override shouldUpdate(changed: PropertyValues<this>): boolean {
        return changed.size > 1 || !changed.has("hass") || isSeen(changed.get("hass"), this.hass);
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (changed.has("hass")) {
            const before = changed.get("hass");
            if (before && before.connection !== this.hass.connection) {
                this.end();
            }
            this.begin();
            if (this.language !== this.hass.language) {
                this.language = this.hass.language;
                void this.learn(this.hass);
            }
        }
        const heard = changed.has("hass") || changed.has("spoken");
        if (heard && this.spoken === this.hass.language) {
            this.context = contextOf(this.hass, this.context);
        }
        if (changed.has("snapshot")) {
            loadActions(this.hass, this.snapshot.commands);
            const opened = changed.get("snapshot")?.commands.some(isOpen);
            if (!opened && this.snapshot.commands.some(isOpen)) {
                this.ticked();
            }
            if (performance.now() - this.usualAt >= USUAL_AGE) {
                this.usualAt = performance.now();
                this.usual = usuals(this.snapshot.commands);
            }
        }
        if (this.context) {
            this.context.clock.ahead = this.snapshot.ahead;
            if (changed.has("tick") || changed.has("snapshot")) {
                // A new object, so that those who show the time look again.
                this.context = { ...this.context };
            }
        }
    }

    /** The details and the question that lie over everything else. */
    protected renderOver(): TemplateResult {
        const { context, chosen } = this;
        this.last = this.snapshot.commands.find(({ tracking_id }) => tracking_id === chosen);
        return html`
            ${
                chosen && this.last && context
                    ? html`<command-status-details
                          .context=${context}
                          .command=${this.last}
                          .usual=${this.usual}
                      ></command-status-details>`
                    : nothing
            }
            <command-status-ask></command-status-ask>
        `;
    }

    private async ask(key: string, command: Command): Promise<boolean> {
        const words = this.context?.words;
        const box = this.renderRoot.querySelector<Ask>("command-status-ask");
        return (
            words !== undefined &&
            box !== null &&
            (await box.ask({
                title: words.say(`${key}.title`),
                text: words.say(`${key}.text`, words.both(command)),
                yes: words.say(`${key}.yes`),
                no: words.say("ask.no"),
            }))
        );
    }

    /** Commands act on doors and alarms, so none is sent with one tap. */
    private async again(command: Command): Promise<void> {
        if (await this.ask("again", command)) {
            this.chosen = "";
            await this.try(async () => {
                await sendAgain(this.hass, command);
                // A filter may hide what is open now, and nobody is to send it twice for that.
                const words = this.context?.words;
                toast(this, words?.say("again.done", words.both(command)) ?? "");
            });
        }
    }

    private async forget(command: Command): Promise<void> {
        if (await this.ask("forget", command)) {
            this.chosen = "";
            await this.try(() => forget(this.hass, command));
        }
    }

    private async automate(command: Command): Promise<void> {
        const trigger = triggerOf(command, this.hass);
        this.chosen = "";
        if (!(await makeAutomation(trigger))) {
            toast(this, this.context?.words.say("automate.failed") ?? "");
        }
    }

    private async try(act: () => Promise<void>): Promise<void> {
        try {
            await act();
        } catch (error) {
            toast(this, told(error));
        }
    }
}

function isOpen(command: Command): boolean {
    return !command.final;
}
