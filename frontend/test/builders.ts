/** Commands and a Home Assistant that say only what a test is about. */

import { readFileSync } from "node:fs";
import { Clock } from "../src/time";
import type { Command, Hass, Locale } from "../src/types";
import { Words } from "../src/words";

export const T0 = Date.parse("2026-11-20T12:00:00Z");

const FOLDER = new URL("../../custom_components/command_status/translations/", import.meta.url);

export function at(seconds: number): string {
    return new Date(T0 + seconds * 1000).toISOString();
}

export function command(changes: Partial<Command> = {}): Command {
    const { created_at: begun = at(0), finished_at: end } = changes;
    const lasted = end ? { duration: (Date.parse(end) - Date.parse(begun)) / 1000 } : {};
    return {
        tracking_id: "01A",
        provider: "wlte",
        config_entry_id: "account",
        command_id: "cmd-1",
        device_id: "gate",
        target: "dev-7/1",
        target_name: "Gate relay 1",
        command: "JOG",
        parameters: {},
        tag: null,
        state: "success",
        final: true,
        late: false,
        progress: null,
        reason: null,
        provider_state: "SUCCESS",
        created_at: at(0),
        finished_at: at(3),
        deadline: at(60),
        duration: 3.24,
        ...lasted,
        ...changes,
    };
}

export function open(changes: Partial<Command> = {}): Command {
    return command({ state: "sent", final: false, finished_at: null, duration: null, ...changes });
}

interface Tree {
    [key: string]: string | Tree;
}

export function texts(language: string): Tree {
    return JSON.parse(readFileSync(new URL(`${language}.json`, FOLDER), "utf8")) as Tree;
}

/** Home Assistant's own look-up: a text with its words filled in, empty where there is none. */
export function localizer(language: string): Hass["localize"] {
    const tree = texts(language);
    return (key, values = {}) => {
        const [, , ...path] = key.split(".");
        let found: string | Tree | undefined = tree;
        for (const part of path) {
            found = typeof found === "object" ? found[part] : undefined;
        }
        if (typeof found !== "string") {
            return "";
        }
        return found.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
    };
}

export function locale(changes: Partial<Locale> = {}): Locale {
    return {
        language: "en",
        number_format: "language",
        time_format: "language",
        date_format: "language",
        time_zone: "server",
        ...changes,
    };
}

export function hass(language = "en", changes: Partial<Hass> = {}): Hass {
    const found: Partial<Hass> = {
        language,
        locale: locale({ language }),
        config: { time_zone: "UTC" },
        localize: localizer(language),
        states: {},
        devices: {},
        areas: {},
        entities: {},
        services: {},
        ...changes,
    };
    return found as Hass;
}

export function words(language = "en", changes: Partial<Hass> = {}): Words {
    const home = hass(language, changes);
    return new Words(home, new Clock(home));
}
