/** What this project uses of Home Assistant's frontend, and the shapes that it is sent. */

import type { Connection } from "home-assistant-js-websocket";

export type State =
    | "queued"
    | "scheduled"
    | "sent"
    | "acknowledged"
    | "in_progress"
    | "success"
    | "failure"
    | "timeout"
    | "cancelled"
    | "lost";

export interface Step {
    state: State;
    provider_state: string | null;
    at: string;
}

/** The record of a command. What a later version added may be missing. */
export interface Command {
    tracking_id: string;
    provider: string;
    config_entry_id: string;
    command_id: string | null;
    request_id?: string | null;
    device_id: string | null;
    target: string;
    target_name: string;
    command: string;
    parameters?: Record<string, unknown> | null;
    tag: string | null;
    state: State;
    final: boolean;
    late: boolean;
    progress: number | null;
    reason: string | null;
    provider_state: string | null;
    created_at: string;
    finished_at: string | null;
    deadline: string;
    duration: number | null;
    message?: string;
    evidence?: "awaited" | "seen" | "assumed" | "missing" | "none" | null;
    steps?: Step[];
    asked_by?: { user_id: string | null; source: string | null };
}

export interface News {
    commands: Command[];
    removed: string[];
}

export interface Figures {
    config_entry_id: string;
    target: string;
    target_name: string;
    command: string;
    count: number;
    states: Partial<Record<State, number>>;
    success_share: number | null;
    median: number | null;
    p95: number | null;
    requests: number;
}

export interface Locale {
    language: string;
    number_format: string;
    time_format: string;
    date_format: string;
    time_zone: string;
}

export interface Hass {
    connection: Connection;
    connected: boolean;
    language: string;
    locale: Locale;
    config: { time_zone: string };
    themes: { darkMode?: boolean };
    user?: { id: string; is_admin: boolean };
    areas: Record<string, { area_id: string; name: string }>;
    devices: Record<string, Device>;
    entities: Record<string, EntityEntry>;
    services: Record<string, unknown>;
    states: Record<
        string,
        { attributes: { friendly_name?: string; user_id?: string } } | undefined
    >;
    localize: (key: string, values?: Record<string, string | number>) => string;
    loadBackendTranslation: (category: string, integration?: string | string[]) => Promise<unknown>;
    callService: (
        domain: string,
        action: string,
        data: Record<string, unknown>,
        target?: undefined,
        notifyOnError?: boolean,
        returnResponse?: boolean,
    ) => Promise<unknown>;
    callWS: <T>(message: { type: string } & Record<string, unknown>) => Promise<T>;
}

export interface Device {
    area_id: string | null;
    name: string | null;
    name_by_user?: string | null;
}

export interface EntityEntry {
    entity_id: string;
    platform: string;
    device_id?: string;
    area_id?: string;
}
