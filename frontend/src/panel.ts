/** The panel "Commands": did it happen? */

import { mdiChartBar, mdiChartGantt, mdiFilterVariant, mdiFormatListBulleted } from "@mdi/js";
import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { define } from "./define";
import {
    isNarrow,
    matches,
    NARROWING,
    NO_FILTERS,
    read,
    VIEWS,
    write,
    GROUPS,
    areaOf,
    thingOf,
    type Filters,
    type View,
} from "./filters";
import { CommandHost } from "./host";
import "./line";
import "./list";
import { icon, LOOKS } from "./look";
import { memo } from "./memo";
import "./statistics";
import { buttons } from "./styles";
import type { Command, Device, Figures, Hass, State } from "./types";
import type { Words } from "./words";

/** More than any account remembers, so that everything is shown. */
const ALL = 100_000;
const ICONS: Readonly<Record<View, string>> = {
    list: mdiFormatListBulleted,
    line: mdiChartGantt,
    statistics: mdiChartBar,
};
const VERSION = new URL(import.meta.url).searchParams.get("v") ?? "";

interface Choice {
    name: "account" | "area" | "device" | "state" | "tag";
    options: [value: string, label: string][];
}

export class CommandStatusPanel extends CommandHost {
    static override properties: PropertyDeclarations = {
        narrow: { type: Boolean },
        route: { attribute: false },
        panel: { attribute: false },
        filters: { state: true },
        unfolded: { state: true },
    };

    declare narrow: boolean;
    declare filters: Filters;
    /** Whether the filters are shown on a phone. */
    declare unfolded: boolean;

    constructor() {
        super();
        this.narrow = false;
        this.unfolded = false;
        this.filters = read(location.search);
    }

    override connectedCallback(): void {
        super.connectedCallback();
        window.addEventListener("popstate", this.moved);
        window.addEventListener("location-changed", this.moved);
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        window.removeEventListener("popstate", this.moved);
        window.removeEventListener("location-changed", this.moved);
    }

    private readonly shown = memo(
        (
            commands: readonly Command[],
            filters: Filters,
            devices: Hass["devices"],
            entities: Hass["entities"],
            words: Words,
        ) => commands.filter((command) => matches(command, filters, { devices, entities }, words)),
    );

    /** The names of the things that occur: of devices, and of targets that have none. */
    private readonly things = memo(
        (commands: readonly Command[], devices: Hass["devices"]): ReadonlyMap<string, string> => {
            const names = new Map<string, string>();
            for (const command of commands) {
                const thing = thingOf(command);
                if (!names.has(thing)) {
                    names.set(thing, nameOf(devices[thing]) || command.target_name);
                }
            }
            return names;
        },
    );

    private readonly moved = (): void => {
        this.filters = read(location.search);
    };

    protected override subscription(): { filter: Record<string, unknown>; bundle: string } {
        return { filter: { limit: ALL }, bundle: VERSION };
    }

    private filter(change: Partial<Filters>): void {
        this.filters = { ...this.filters, ...change };
        history.replaceState(history.state, "", `${location.pathname}${write(this.filters)}`);
    }

    private readonly lift = (): void => {
        this.filter(Object.fromEntries(NARROWING.map((name) => [name, NO_FILTERS[name]])));
    };

    protected override render(): TemplateResult | typeof nothing {
        const { context, snapshot, filters, hass } = this;
        if (!context) {
            return nothing;
        }
        const { words } = context;
        this.style.colorScheme = hass.themes.darkMode ? "dark" : "light";
        const { devices, entities } = hass;
        const shown = this.shown(snapshot.commands, filters, devices, entities, words);
        return html`
            <header>
                <ha-menu-button .hass=${hass} .narrow=${this.narrow}></ha-menu-button>
                <h1>${words.say("title")}</h1>
                <input
                    class="search"
                    type="search"
                    .value=${filters.text}
                    placeholder=${words.say("search")}
                    aria-label=${words.say("search")}
                    @input=${(event: InputEvent) =>
                        this.filter({ text: (event.target as HTMLInputElement).value })}
                />
                <button
                    class="fold"
                    type="button"
                    aria-expanded=${this.unfolded}
                    aria-controls="filters"
                    aria-label=${words.say("filter.label")}
                    @click=${() => (this.unfolded = !this.unfolded)}
                >
                    ${icon(mdiFilterVariant)}
                </button>
                <nav aria-label=${words.say("view.label")}>
                    ${VIEWS.map(
                        (view) =>
                            html`<button
                                type="button"
                                aria-pressed=${view === filters.view}
                                title=${words.say(`view.${view}`)}
                                aria-label=${words.say(`view.${view}`)}
                                @click=${() => this.filter({ view })}
                            >
                                ${icon(ICONS[view])}
                            </button>`,
                    )}
                </nav>
            </header>
            ${this.renderFilters()} ${this.renderCondition()}
            <main class=${snapshot.condition} aria-busy=${snapshot.condition === "loading"}>
                ${this.renderView(shown)}
            </main>
            ${this.renderOver()}
        `;
    }

    private renderFilters(): TemplateResult {
        const { context, filters } = this;
        const words = context?.words;
        return html`<div
            id="filters"
            class=${this.unfolded ? "unfolded" : ""}
            role="group"
            aria-label=${words?.say("filter.label") ?? ""}
        >
            ${this.choices().map(
                ({ name, options }) =>
                    html`<select
                        aria-label=${words?.say(`filter.${name}`) ?? ""}
                        class=${filters[name] ? "set" : ""}
                        @change=${(event: Event) =>
                            this.filter({ [name]: (event.target as HTMLSelectElement).value })}
                    >
                        <option value="" ?selected=${!filters[name]}>
                            ${words?.say(`filter.${name}`)}
                        </option>
                        ${options.map(
                            ([value, label]) =>
                                html`<option value=${value} ?selected=${value === filters[name]}>
                                    ${label}
                                </option>`,
                        )}
                    </select>`,
            )}
            ${
                isNarrow(filters)
                    ? html`<button class="plain" type="button" @click=${this.lift}>
                          ${words?.say("filter.lift")}
                      </button>`
                    : nothing
            }
        </div>`;
    }

    /** What can be chosen: only what occurs, and what is chosen now. */
    private choices(): Choice[] {
        const { hass, filters, snapshot, context } = this;
        const { commands, accounts } = snapshot;
        const things = this.things(commands, hass.devices);
        const several = (values: string): string =>
            values
                .split(",")
                .map((each) => things.get(each) ?? (nameOf(hass.devices[each]) || each))
                .join(", ");
        const found = (value: (command: Command) => string | null): Set<string> => {
            const values = new Set<string>();
            for (const command of commands) {
                const each = value(command);
                if (each) {
                    values.add(each);
                }
            }
            return values;
        };
        const choice = (
            name: Choice["name"],
            values: Iterable<string>,
            label: (value: string) => string,
        ): Choice => {
            const all = new Set([...values, ...(filters[name] ? [filters[name]] : [])]);
            const options = [...all].map((value): [string, string] => [value, label(value)]);
            return {
                name,
                options: options.sort(([, one], [, other]) => one.localeCompare(other)),
            };
        };
        const states = Object.keys(LOOKS) as State[];
        const words = context?.words;
        const state = (value: string): string =>
            value in GROUPS
                ? (words?.say(`filter.${value}`) ?? "")
                : (words?.state(value as State) ?? "");
        return [
            choice("account", Object.keys(accounts), (value) => accounts[value] ?? value),
            choice(
                "area",
                found((command) => areaOf(command, hass)),
                (value) => hass.areas[value]?.name ?? value,
            ),
            choice("device", things.keys(), (value) => things.get(value) ?? several(value)),
            {
                name: "state" as const,
                options: [...Object.keys(GROUPS), ...states].map((value): [string, string] => [
                    value,
                    state(value),
                ]),
            },
            choice(
                "tag",
                found((command) => command.tag),
                String,
            ),
        ].filter(({ name, options }) => options.length > 1 || filters[name] !== "");
    }

    /** One line where something is not as usual; the list stays as it was. */
    private renderCondition(): TemplateResult | typeof nothing {
        const { condition, outdated } = this.snapshot;
        const words = this.context?.words;
        if (condition === "lost") {
            return html`<p class="note" role="status">${words?.say("lost")}</p>`;
        }
        if (outdated) {
            return html`<p class="note" role="status">
                ${words?.say("outdated")}
                <button class="plain" type="button" @click=${() => location.reload()}>
                    ${words?.say("reload")}
                </button>
            </p>`;
        }
        return nothing;
    }

    private renderView(shown: readonly Command[]): TemplateResult {
        const { snapshot, filters, context } = this;
        const words = context?.words;
        if (snapshot.condition === "loading" && snapshot.commands.length === 0) {
            return html`<p class="empty" role="status">${words?.say("loading")}</p>`;
        }
        if (snapshot.condition === "failed") {
            return html`<div class="empty" role="alert">
                <p>${words?.say("error.title")}</p>
                <button class="plain strong" type="button" @click=${() => this.store?.again()}>
                    ${words?.say("error.again")}
                </button>
            </div>`;
        }
        if (filters.view === "statistics") {
            return html`<command-status-statistics
                .context=${context}
                .commands=${shown}
                .account=${filters.account}
                .providers=${snapshot.providers}
                @figures-chosen=${({ detail }: CustomEvent<Figures>) =>
                    this.filter({
                        view: "list",
                        account: detail.config_entry_id,
                        target: detail.target,
                        command: detail.command,
                    })}
            ></command-status-statistics>`;
        }
        if (shown.length === 0) {
            return this.renderEmpty();
        }
        return filters.view === "line"
            ? html`<command-status-line
                  .context=${context}
                  .commands=${shown}
                  .span=${filters.span}
                  @span-chosen=${({ detail }: CustomEvent<number>) => this.filter({ span: detail })}
              ></command-status-line>`
            : html`<command-status-list
                  .context=${context}
                  .commands=${shown}
                  .usual=${this.usual}
              ></command-status-list>`;
    }

    private renderEmpty(): TemplateResult {
        const { filters, context, hass } = this;
        const words = context?.words;
        if (isNarrow(filters)) {
            return html`<div class="empty">
                <p>${words?.say("filtered", { filters: this.told() })}</p>
                <button class="plain strong" type="button" @click=${this.lift}>
                    ${words?.say("filter.lift")}
                </button>
            </div>`;
        }
        return html`<div class="empty">
            <p>${words?.say("empty.text")}</p>
            ${
                hass.user?.is_admin
                    ? html`<a href="/config/integrations/integration/command_status"
                          >${words?.say("empty.button")}</a
                      >`
                    : nothing
            }
        </div>`;
    }

    /** The filters that are set, in words. */
    private told(): string {
        const { filters, snapshot, context } = this;
        const chosen = this.choices().flatMap(({ name, options }) =>
            options.filter(([value]) => value === filters[name]).map(([, label]) => label),
        );
        const { text, target, command, account } = filters;
        const provider = snapshot.providers?.[account] ?? "";
        const asked = command && context?.words.command({ provider, command });
        const known = snapshot.commands.find(
            (each) => each.target === target && (!account || each.config_entry_id === account),
        );
        return [...chosen, known?.target_name ?? target, asked, text && `“${text}”`]
            .filter(Boolean)
            .join(", ");
    }

    static override styles = [
        buttons,
        css`
            :host {
                display: flex;
                flex-direction: column;
                box-sizing: border-box;
                block-size: 100dvh;
                padding: var(--safe-area-inset-top, 0)
                    var(--safe-area-content-inset-right, var(--safe-area-inset-right, 0))
                    var(--safe-area-inset-bottom, 0)
                    var(--safe-area-content-inset-left, var(--safe-area-inset-left, 0));
                color: var(--primary-text-color, #212121);
                background: var(--primary-background-color, #fafafa);
                font-family: var(--ha-font-family-body, Roboto, sans-serif);
                font-size: var(--ha-font-size-m, 14px);
            }
            svg {
                inline-size: 24px;
                block-size: 24px;
                fill: currentcolor;
                display: block;
            }
            header {
                flex: none;
                display: flex;
                align-items: center;
                gap: 8px;
                box-sizing: border-box;
                min-block-size: var(--header-height, 56px);
                padding-inline: 12px;
                color: var(--app-header-text-color, #fff);
                background: var(--app-header-background-color, #03a9f4);
                border-block-end: var(--app-header-border-bottom, none);
            }
            h1 {
                flex: 1;
                margin: 0;
                padding-inline-start: 8px;
                font-size: var(--ha-font-size-xl, 20px);
                font-weight: 400;
                overflow: hidden;
                text-overflow: ellipsis;
                white-space: nowrap;
            }
            .search {
                inline-size: 220px;
            }
            .search,
            select {
                box-sizing: border-box;
                min-inline-size: 0;
                block-size: 36px;
                padding-inline: 12px;
                border: 1px solid var(--divider-color, #e0e0e0);
                border-radius: 18px;
                font: inherit;
                color: var(--primary-text-color, #212121);
                background: var(--card-background-color, #fff);
            }
            select.set {
                border-color: var(--primary-color, #03a9f4);
                background: color-mix(
                    in srgb,
                    var(--primary-color, #03a9f4) 16%,
                    var(--card-background-color, #fff)
                );
            }
            .search:focus-visible,
            select:focus-visible {
                outline: 2px solid var(--primary-color, #03a9f4);
                outline-offset: 1px;
            }
            nav {
                display: flex;
            }
            nav button,
            .fold {
                all: unset;
                box-sizing: border-box;
                padding: 10px;
                border-radius: 50%;
                cursor: pointer;
            }
            nav button[aria-pressed="true"] {
                background: color-mix(in srgb, currentcolor 20%, transparent);
            }
            nav button:focus-visible,
            .fold:focus-visible {
                outline: 2px solid currentcolor;
            }
            .fold {
                display: none;
            }
            #filters {
                flex: none;
                display: flex;
                flex-wrap: wrap;
                gap: 8px;
                padding: 8px 16px;
                border-block-end: 1px solid var(--divider-color, #e0e0e0);
            }
            #filters:empty {
                display: none;
            }
            main {
                flex: 1;
                min-block-size: 0;
                display: flex;
                flex-direction: column;
            }
            main > * {
                flex: 1;
            }
            main.lost {
                opacity: 0.6;
            }
            .note {
                margin: 0;
                padding: 8px 16px;
                background: color-mix(in srgb, var(--warning-color, #ffa600) 24%, transparent);
            }
            .empty {
                display: flex;
                flex-direction: column;
                align-items: center;
                justify-content: center;
                gap: 8px;
                padding: 32px;
                text-align: center;
            }
            a {
                color: inherit;
                font-weight: 500;
                padding: 10px 16px;
                text-decoration: none;
                border-radius: 18px;
                border: 1px solid var(--primary-color, #03a9f4);
            }
            @media (width < 700px) {
                header {
                    flex-wrap: wrap;
                    gap: 0 4px;
                    padding-block-end: 8px;
                }
                h1 {
                    min-block-size: 48px;
                    line-height: 48px;
                }
                .search {
                    order: 1;
                    flex: 1 0 calc(100% - 60px);
                }
                .fold {
                    order: 1;
                    display: block;
                }
                #filters:not(.unfolded) {
                    display: none;
                }
                select {
                    flex: 1 1 40%;
                }
            }
        `,
    ];
}

/** The name of a device, as Home Assistant shows it; empty where there is none. */
function nameOf(device: Device | undefined): string {
    return [device?.name_by_user, device?.name].find(Boolean) ?? "";
}

define("command-status-panel", CommandStatusPanel);
