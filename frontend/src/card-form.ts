/** The form of the card's visual editor; Home Assistant draws it. */

import type { Hass } from "./types";

export interface CardConfig {
    type: string;
    title?: string;
    devices?: string[];
    entities?: string[];
    tags?: string[];
    show?: "list" | "tiles";
    rows?: number;
}

interface Field {
    name: string;
    selector: Record<string, unknown>;
}

const INTEGRATION = "command_status";

const SCHEMA: readonly Field[] = [
    { name: "title", selector: { text: {} } },
    {
        name: "devices",
        selector: { device: { multiple: true, filter: { integration: INTEGRATION } } },
    },
    {
        name: "entities",
        selector: { entity: { multiple: true, filter: { integration: INTEGRATION } } },
    },
    { name: "tags", selector: { text: { multiple: true } } },
    {
        name: "show",
        selector: { select: { mode: "list", options: [] } },
    },
    { name: "rows", selector: { number: { min: 1, max: 20, mode: "box" } } },
];

/** Home Assistant hands in how to find words only for labels; options need them sooner. */
export function cardForm(): unknown {
    const root = document.querySelector("home-assistant") as unknown as { hass?: Hass } | null;
    const say = (localize: Hass["localize"] | undefined, key: string): string =>
        localize?.(`component.${INTEGRATION}.config_panel.${key}`) ?? "";
    const options = ["list", "tiles"].map((value) => ({
        value,
        label: say(root?.hass?.localize, `card.show_${value}`) || value,
    }));
    return {
        schema: SCHEMA.map((field) =>
            field.name === "show"
                ? { ...field, selector: { select: { mode: "list", options } } }
                : field,
        ),
        computeLabel: ({ name }: Field, localize: Hass["localize"]) =>
            say(localize, `card.${name}`) || name,
        computeHelper: ({ name }: Field, localize: Hass["localize"]) =>
            name === "tags" ? say(localize, "card.tags_helper") : "",
    };
}
