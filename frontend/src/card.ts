/** The card for dashboards: the newest commands of what was chosen. */

import {
    css,
    html,
    nothing,
    type PropertyDeclarations,
    type PropertyValues,
    type TemplateResult,
} from "lit";
import { cardForm, type CardConfig } from "./card-form";
import { define } from "./define";
import { write, thingOf, NO_FILTERS } from "./filters";
import { CommandHost } from "./host";
import { ended } from "./items";
import { icon, LOOKS } from "./look";
import { renderRow, rowStyles, type Doors } from "./row";
import { buttons } from "./styles";
import type { Command, Hass } from "./types";

const ROWS = 5;
/** Newest commands that are asked for; more than a card shows, for usual times and tags. */
const ENOUGH = 200;
const PANEL = "command-status";

interface SuggestedEntity {
    platform?: string;
}

export class CommandStatusCard extends CommandHost {
    static override properties: PropertyDeclarations = {
        config: { state: true },
    };

    declare config: CardConfig;

    private readonly doors: Doors = {
        open: (command) => (this.chosen = command.tracking_id),
        again: (command) =>
            this.dispatchEvent(new CustomEvent("command-again", { detail: command })),
        cancel: (command) =>
            this.dispatchEvent(new CustomEvent("command-cancel", { detail: command })),
    };

    // What Home Assistant's dashboards call

    static getConfigForm(): unknown {
        return cardForm();
    }

    static getStubConfig(): Partial<CardConfig> {
        return {};
    }

    setConfig(config: CardConfig): void {
        for (const name of ["devices", "entities", "tags"] as const) {
            if (config[name] !== undefined && !Array.isArray(config[name])) {
                throw new Error(`${name} must be a list`);
            }
        }
        if (config.show !== undefined && !["list", "tiles"].includes(config.show)) {
            throw new Error("show must be list or tiles");
        }
        const before = this.config as CardConfig | undefined;
        this.config = config;
        if (before) {
            this.end();
            this.begin();
        }
    }

    getCardSize(): number {
        return this.rows + 1;
    }

    /** As high as its rows are: one with a reason is higher, and wraps where there is little room. */
    getGridOptions(): Record<string, number | string> {
        return { columns: 12, rows: "auto", min_columns: 6 };
    }

    private get rows(): number {
        return Math.max(1, Math.min(20, this.config.rows ?? ROWS));
    }

    protected override subscription(): { filter: Record<string, unknown>; bundle: string } {
        const { devices = [], entities = [] } = this.config;
        const filter: Record<string, unknown> = { limit: ENOUGH };
        if (devices.length > 0) {
            filter.device_id = devices;
        }
        if (entities.length > 0) {
            filter.entity_id = entities;
        }
        return { filter, bundle: "" };
    }

    protected override begin(): void {
        if (this.config as CardConfig | undefined) {
            super.begin();
        }
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        super.willUpdate(changed);
        this.begin();
    }

    // What is shown

    private shown(): Command[] {
        const tags = this.config.tags ?? [];
        return this.snapshot.commands
            .filter(({ tag }) => tags.length === 0 || (tag !== null && tags.includes(tag)))
            .sort(
                (one, other) =>
                    Number(one.final) - Number(other.final) || ended(other) - ended(one),
            );
    }

    protected override render(): TemplateResult | typeof nothing {
        const { context, snapshot, hass } = this;
        if (!context) {
            return nothing;
        }
        this.style.colorScheme = hass.themes.darkMode ? "dark" : "light";
        const { words } = context;
        const shown = this.shown();
        return html`<ha-card class=${snapshot.condition}>
                <div class="title">
                    <h2>${this.config.title ?? words.say("title")}</h2>
                    ${this.renderMore()}
                </div>
                ${
                    shown.length === 0
                        ? this.renderNothing()
                        : this.config.show === "tiles"
                          ? this.renderTiles(shown)
                          : html`<ul>
                                ${shown
                                    .slice(0, this.rows)
                                    .map(
                                        (command) =>
                                            html`<li class="line">
                                                ${renderRow(command, context, this.usual, this.doors)}
                                            </li>`,
                                    )}
                            </ul>`
                }
            </ha-card>
            ${this.renderOver()}`;
    }

    private renderNothing(): TemplateResult {
        const words = this.context?.words;
        const { condition } = this.snapshot;
        const key = { loading: "loading", failed: "error.title", lost: "lost", live: "empty.card" };
        return html`<p role="status">${words?.say(key[condition])}</p>`;
    }

    /** The newest command of each target. */
    private renderTiles(shown: readonly Command[]): TemplateResult {
        const newest = new Map<string, Command>();
        for (const command of shown) {
            const key = `${command.config_entry_id} ${command.target}`;
            if ((newest.get(key)?.tracking_id ?? "") < command.tracking_id) {
                newest.set(key, command);
            }
        }
        return html`<div class="tiles">
            ${[...newest.values()].slice(0, this.rows * 2).map((command) => {
                const look = LOOKS[command.state];
                return html`<button
                    class="tile"
                    type="button"
                    data-id=${command.tracking_id}
                    data-state=${command.state}
                    @click=${() => this.doors.open(command)}
                >
                    <span class="icon" style="color:${look.color}">${icon(look.icon)}</span>
                    <span class="thing">${command.target_name}</span>
                    <span class="asked">${this.context?.words.command(command)}</span>
                    <span class="outcome">${this.context?.words.outcome(command)}</span>
                </button>`;
            })}
        </div>`;
    }

    private renderMore(): TemplateResult | typeof nothing {
        const panels = (this.hass as Hass & { panels?: Record<string, unknown> }).panels ?? {};
        if (!(PANEL in panels)) {
            return nothing;
        }
        const { devices = [], entities = [], tags = [] } = this.config;
        const owned = entities.flatMap((entity) => this.hass.entities[entity]?.device_id ?? []);
        const narrow = devices.length + entities.length > 0;
        const things = narrow ? this.snapshot.commands.map(thingOf) : [];
        const device = [...new Set([...devices, ...owned, ...things])].join(",");
        const query = write({ ...NO_FILTERS, device, tag: tags.join(",") });
        return html`<a href="/${PANEL}${query}">${this.context?.words.say("card.more")}</a>`;
    }

    static override styles = [
        buttons,
        rowStyles,
        css`
            :host {
                display: block;
            }
            ha-card {
                display: flex;
                flex-direction: column;
                box-sizing: border-box;
                block-size: 100%;
                overflow: hidden;
            }
            ha-card.lost {
                opacity: 0.6;
            }
            .title {
                display: flex;
                align-items: baseline;
                justify-content: space-between;
                gap: 8px;
                padding: 16px 16px 8px;
            }
            h2 {
                margin: 0;
                font-size: 1.1em;
                font-weight: 500;
            }
            a {
                color: var(--primary-text-color, #212121);
                font-size: 0.875em;
            }
            ul {
                flex: 1;
                min-block-size: 0;
                overflow: auto;
                list-style: none;
                margin: 0;
                padding: 0 0 8px;
            }
            .line {
                min-block-size: 56px;
            }
            .line:last-child {
                border-block-end: 0;
            }
            p {
                margin: 0;
                padding: 0 16px 16px;
                color: var(--secondary-text-color, #727272);
            }
            .tiles {
                display: grid;
                grid-template-columns: repeat(auto-fill, minmax(160px, 1fr));
                gap: 8px;
                padding: 8px 16px 16px;
                overflow: auto;
            }
            .tile {
                all: unset;
                box-sizing: border-box;
                display: grid;
                grid-template: "icon thing" auto "icon asked" auto "icon outcome" auto / 24px minmax(
                        0,
                        1fr
                    );
                column-gap: 12px;
                align-items: center;
                padding: 10px 12px;
                border-radius: 12px;
                border: 1px solid var(--divider-color, #e0e0e0);
                cursor: pointer;
            }
            .tile:focus-visible {
                outline: 2px solid var(--primary-color, #03a9f4);
            }
            .tile span {
                overflow: hidden;
                text-overflow: ellipsis;
                white-space: nowrap;
            }
            .tile .asked,
            .tile .outcome {
                color: var(--secondary-text-color, #727272);
                font-size: 0.875em;
            }
            @container (inline-size < 320px) {
                .what {
                    text-align: start;
                }
                .asked,
                .when {
                    display: none;
                }
                .row {
                    grid-template-areas: "icon thing thing thing" "icon what what what" "icon bar bar bar" "icon why why why";
                }
            }
        `,
    ];
}

define("command-status-card", CommandStatusCard);

/** Tell the card picker; its words are read once, before our texts are there. */
interface Picker {
    customCards?: unknown[];
}

const picker = window as unknown as Picker;
picker.customCards ??= [];
picker.customCards.push({
    type: "command-status-card",
    name: "Command Status",
    description: "What became of the commands that were sent",
    preview: true,
    documentationURL: "https://github.com/command-status/command-status",
    getEntitySuggestion: (
        hass: { entities: Record<string, SuggestedEntity | undefined> },
        entityId: string,
    ) =>
        hass.entities[entityId]?.platform === "command_status"
            ? { config: { type: "custom:command-status-card", entities: [entityId] } }
            : null,
});
