/** The texts of panel and card, in the language of the user, by Home Assistant's own mechanism. */

import type { Clock } from "./time";
import type { Command, Hass, State } from "./types";

const DOMAIN = "command_status";

/** What is added to a reason where the last list called the target offline; a text of ours. */
const OFFLINE_NOTE = "the target was offline";
/** The reason of a command that its provider calls done, and that nobody saw. */
const NOT_SEEN = "not_seen";

/** An API that a user described has words of its own, which may mean something else than ours. */
const DESCRIBED = "rest";
const HOME = "home";

/** Outcomes that are facts about the command itself, whatever was seen in the house. */
const DECISIVE: readonly State[] = ["failure", "cancelled"];

type Values = Record<string, string | number>;
type Asked = Pick<Command, "provider" | "command">;

export class Words {
    constructor(
        private readonly hass: Pick<Hass, "localize" | "states">,
        private readonly clock: Clock,
    ) {}

    say(key: string, values?: Values): string {
        return this.hass.localize(`component.${DOMAIN}.config_panel.${key}`, values);
    }

    /** A text with a number in it; all are worded so that they need no plural. */
    count(key: string, number: number): string {
        return this.say(key, { count: this.clock.number(number) });
    }

    /** The name of a state, as everywhere else in Home Assistant. */
    state(state: State): string {
        return this.hass.localize(`component.${DOMAIN}.entity.sensor.command.state.${state}`);
    }

    /** What was asked, in words where there are any: ours, and Home Assistant's for its actions. */
    command(asked: Asked): string {
        const key = keyOf(asked);
        return (key && this.hass.localize(key)) || asked.command;
    }

    /** What was asked of which thing, for a sentence. */
    both(command: Command): Values {
        return { command: this.command(command), target: command.target_name };
    }

    /** What became of a command, as a sentence without its thing: "failed: the device is offline". */
    outcome(command: Command): string {
        const why = this.why(command);
        return why ? `${this.what(command)}: ${why}` : this.what(command);
    }

    /** The same without the reason. */
    what(command: Command): string {
        let told = this.say(
            `outcome.${isTaken(command) ? "accepted" : command.state}`,
            command.final ? { duration: this.clock.duration(command.duration ?? 0) } : undefined,
        );
        if (!command.final && command.progress !== null) {
            told += `, ${this.clock.percent(command.progress / 100)}`;
        }
        if (command.late) {
            told += ` ${this.say("late")}`;
        }
        return told;
    }

    /** The reason in words; empty where there is none. */
    why(command: Command): string {
        return command.reason ? this.reason(command.reason) : "";
    }

    /** What was seen in the house, where that says more than the outcome beside it. */
    seen({ evidence, state, reason }: Command): string {
        const proof = evidence === "seen" || evidence === "assumed";
        const decided = DECISIVE.includes(state) && !proof;
        const told = evidence === "missing" && (reason?.startsWith(NOT_SEEN) ?? false);
        return !evidence || decided || told ? "" : this.say(`evidence.${evidence}`);
    }

    /** A reason in words: ours are translated, the provider's are sentences already. */
    private reason(reason: string): string {
        return reason
            .split("; ")
            .map((part) => {
                const key = part === OFFLINE_NOTE ? "was_offline" : part;
                return (/^[a-z0-9_]+$/.test(key) && this.say(`reason.${key}`)) || part;
            })
            .join("; ");
    }

    /** Who asked for a command, where that is known. */
    askedBy(command: Command): string {
        const { source, user_id } = command.asked_by ?? { source: null, user_id: null };
        const name = source ? this.friendly(source) : "";
        if (source?.startsWith("automation")) {
            return this.say("asked.automation", { name });
        }
        if (source?.startsWith("script")) {
            return this.say("asked.script", { name });
        }
        if (source === "voice") {
            return this.say("asked.voice");
        }
        const person = Object.values(this.hass.states).find(
            (state) => user_id !== null && state?.attributes.user_id === user_id,
        );
        if (person?.attributes.friendly_name) {
            return this.say("asked.person", { name: person.attributes.friendly_name });
        }
        return this.say(user_id || source === "user" ? "asked.user" : "asked.unknown");
    }

    private friendly(entityId: string): string {
        return this.hass.states[entityId]?.attributes.friendly_name ?? entityId;
    }
}

/** Whether a queued command waits at the provider: who says anything about a command has it. */
function isTaken({ state, command_id, request_id, provider_state }: Command): boolean {
    return state === "queued" && Boolean(command_id ?? request_id ?? provider_state);
}

/** Where the text of a command stands; empty where there is none. */
function keyOf({ provider, command }: Asked): string {
    if (provider === HOME) {
        const [domain, action] = command.split(".");
        return `component.${domain}.services.${action}.name`;
    }
    return provider && provider !== DESCRIBED
        ? `component.${DOMAIN}.selector.command.options.${command.toLowerCase()}`
        : "";
}

let loading: { language: string; done: Promise<unknown> } | undefined;

/**
 * Load our texts; Home Assistant does not load them by itself, nor again for another language. It
 * says at once that it has what another element has only asked for, so all wait for the first.
 */
export async function loadWords(hass: Hass): Promise<void> {
    if (loading?.language !== hass.language) {
        const parts = ["config_panel", "selector"];
        const done = parts.map((part) => hass.loadBackendTranslation(part, DOMAIN));
        loading = { language: hass.language, done: Promise.allSettled(done) };
    }
    await loading.done;
}

/** Load the names of the actions among some commands; Home Assistant knows which it has. */
export function loadActions(hass: Hass, commands: readonly Command[]): void {
    const domains = new Set<string>();
    for (const { provider, command } of commands) {
        const [domain = ""] = provider === HOME ? command.split(".") : [];
        if (domain in hass.services) {
            domains.add(domain);
        }
    }
    if (domains.size > 0) {
        // Without their names, actions are shown by their ids.
        hass.loadBackendTranslation("services", [...domains]).catch(() => undefined);
    }
}
