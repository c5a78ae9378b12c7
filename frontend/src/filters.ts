/** What is shown, as it stands in the address, so that a link shows the same. */

import type { Command, Hass, State } from "./types";
import type { Words } from "./words";

export const VIEWS = ["list", "line", "statistics"] as const;
export type View = (typeof VIEWS)[number];

export const GROUPS: Readonly<Record<string, readonly State[]>> = {
    open: ["queued", "scheduled", "sent", "acknowledged", "in_progress"],
    wrong: ["failure", "timeout", "lost"],
};

export interface Filters {
    view: View;
    /** A config entry. */
    account: string;
    area: string;
    /** One thing as `thingOf` tells it, or several with commas between them. */
    device: string;
    /** A state, or one of `GROUPS`. */
    state: string;
    /** One, or several with commas between them. */
    tag: string;
    /** Words that all must occur. */
    text: string;
    /** The hours that the time line spans. */
    span: number;
    target: string;
    command: string;
}

export const NO_FILTERS: Filters = {
    view: "list",
    account: "",
    area: "",
    device: "",
    state: "",
    tag: "",
    text: "",
    span: 6,
    target: "",
    command: "",
};

/** What narrows the list, as against how it is looked at. */
export const NARROWING = [
    "account",
    "area",
    "device",
    "state",
    "tag",
    "text",
    "target",
    "command",
] as const;

export function read(query: string): Filters {
    const found = new URLSearchParams(query);
    const view = VIEWS.find((each) => each === found.get("view")) ?? NO_FILTERS.view;
    const span = Number(found.get("span")) || NO_FILTERS.span;
    const narrowing = Object.fromEntries(NARROWING.map((name) => [name, found.get(name) ?? ""]));
    return { ...NO_FILTERS, ...narrowing, view, span };
}

export function write(filters: Filters): string {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(filters)) {
        if (value !== NO_FILTERS[name as keyof Filters]) {
            query.set(name, String(value));
        }
    }
    const text = query.toString();
    return text && `?${text}`;
}

export function isNarrow(filters: Filters): boolean {
    return NARROWING.some((name) => filters[name] !== "");
}

/** What of Home Assistant a filter looks at. */
export type House = Pick<Hass, "devices" | "entities">;

export function matches(
    command: Command,
    filters: Filters,
    house: House,
    words: Pick<Words, "command">,
): boolean {
    const { account, area, device, state, tag, text, target } = filters;
    return (
        (!account || command.config_entry_id === account) &&
        (!device || one(device, thingOf(command))) &&
        (!area || areaOf(command, house) === area) &&
        (!state || (GROUPS[state]?.includes(command.state) ?? command.state === state)) &&
        (!tag || one(tag, command.tag)) &&
        (!target || command.target === target) &&
        (!filters.command || command.command === filters.command) &&
        (!text || contains(command, text, words))
    );
}

/** What a command acts on, as one chooses it: its device, or where it has none its target. */
export function thingOf({ device_id, target }: Command): string {
    return device_id ?? target;
}

/** The area of an entity of this home, if it is in one itself; else that of the device. */
export function areaOf(command: Command, { devices, entities }: House): string | null {
    const entity = command.provider === "home" ? entities[command.target] : undefined;
    return entity?.area_id ?? devices[command.device_id ?? ""]?.area_id ?? null;
}

function one(several: string, value: string | null): boolean {
    return value !== null && (value === several || several.split(",").includes(value));
}

function contains(command: Command, text: string, words: Pick<Words, "command">): boolean {
    const told = [
        command.target_name,
        command.target,
        command.command,
        words.command(command),
        command.tag,
        command.reason,
        command.message,
        command.command_id,
    ]
        .join(" ")
        .toLocaleLowerCase();
    return text
        .toLocaleLowerCase()
        .split(/\s+/)
        .every((word) => told.includes(word));
}
