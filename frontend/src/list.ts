/** The list: a window on rows of fixed height, so that thousands cost what a screen of them does. */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Context } from "./context";
import { define, tell } from "./define";
import { itemsOf, type Head, type Item } from "./items";
import { renderRow, rowStyles, type Doors } from "./row";
import type { Command } from "./types";
import type { Usual } from "./usual";

const HEAD = 48;
const ROW = { wide: 52, narrow: 68, reason: 20 };
/** Rows beyond the edges that are drawn as well, so that scrolling shows no gaps. */
const BEYOND = 6;
/** The width below which a row takes two lines; the same as in the styles of a row. */
const NARROW = 860;

export class CommandList extends LitElement {
    static override properties = {
        context: { attribute: false },
        commands: { attribute: false },
        usual: { attribute: false },
        narrow: { state: true },
        top: { state: true },
        fresh: { state: true },
        current: { state: true },
    };

    declare context: Context;
    declare commands: readonly Command[];
    declare usual: ReadonlyMap<string, Usual>;
    declare narrow: boolean;
    /** How far the window was scrolled. */
    declare top: number;
    /** How many came on top while the reader was further down. */
    declare fresh: number;
    /** The row that the keyboard stands on. */
    declare current: string;

    private items: readonly Item[] = [];
    /** Where each item begins; one more for the end of the last. */
    private edges: readonly number[] = [0];
    private readonly places = new Map<string, number>();
    private view = 800;
    private today = "";
    private shift = 0;
    private readonly watch = new ResizeObserver(([entry]) => {
        if (entry) {
            this.narrow = entry.contentRect.width < NARROW;
            this.view = entry.contentRect.height;
            this.requestUpdate();
        }
    });
    private readonly doors: Doors = {
        open: (command) => tell(this, "command-open", command),
        again: (command) => tell(this, "command-again", command),
        cancel: (command) => tell(this, "command-cancel", command),
    };

    constructor() {
        super();
        this.commands = [];
        this.usual = new Map();
        this.narrow = false;
        this.top = 0;
        this.fresh = 0;
        this.current = "";
    }

    override connectedCallback(): void {
        super.connectedCallback();
        this.watch.observe(this);
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        this.watch.disconnect();
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        const { clock } = this.context;
        const today = clock.dayKey(clock.now());
        const known = changed.get("context")?.clock === clock || !changed.has("context");
        if (changed.has("commands") || changed.has("narrow") || !known || this.today !== today) {
            this.today = today;
            this.arrange(changed.has("narrow"));
        }
    }

    /** Lay the items out anew; what is being read stays where it is. */
    private arrange(resized: boolean): void {
        const anchor = this.top > 0 ? this.items[this.placeAt(this.top)] : undefined;
        const before = anchor && this.edges[this.places.get(anchor.key) ?? 0];
        const seen = new Set(this.places.keys());
        this.items = itemsOf(this.commands, this.context.clock);
        const edges = [0];
        this.places.clear();
        for (const [place, item] of this.items.entries()) {
            this.places.set(item.key, place);
            edges.push((edges[place] ?? 0) + this.heightOf(item));
        }
        this.edges = edges;
        if (!anchor || before === undefined) {
            this.fresh = 0;
            return;
        }
        const place = this.places.get(anchor.key);
        if (place === undefined) {
            return;
        }
        this.shift = (edges[place] ?? 0) - before;
        if (!resized) {
            const above = this.items.slice(0, place);
            this.fresh += above.filter(({ kind, key }) => kind === "row" && !seen.has(key)).length;
        }
    }

    private heightOf(item: Item): number {
        if (item.kind === "head") {
            return HEAD;
        }
        return this.narrow ? ROW.narrow + (item.command.reason ? ROW.reason : 0) : ROW.wide;
    }

    /** The item that covers a distance from the top; found by halving. */
    private placeAt(distance: number): number {
        let low = 0;
        let high = this.items.length - 1;
        while (low < high) {
            const middle = (low + high + 1) >> 1;
            if ((this.edges[middle] ?? 0) <= distance) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return Math.max(0, low);
    }

    protected override updated(): void {
        const window = this.window;
        if (this.shift !== 0 && window) {
            window.scrollTop += this.shift;
            this.shift = 0;
            this.top = window.scrollTop;
        }
    }

    private get window(): HTMLElement | null {
        return this.renderRoot.querySelector<HTMLElement>(".window");
    }

    protected override render(): TemplateResult {
        const top = this.top + this.shift;
        const from = Math.max(0, this.placeAt(top) - BEYOND);
        const to = Math.min(this.items.length, this.placeAt(top + this.view) + BEYOND);
        const shown = new Set(Array.from({ length: to - from }, (_, place) => from + place));
        // What the keyboard stands on stays in the page wherever it is, or the focus would be lost.
        const held = this.places.get(this.current);
        const reachable = held ?? this.items.findIndex(({ kind }) => kind === "row");
        if (held !== undefined) {
            shown.add(held);
        }
        const height = this.edges.at(-1) ?? 0;
        const places = [...shown].sort((one, other) => one - other);
        const stuck = this.headAbove(this.placeAt(top));
        return html`
            <div
                class="window"
                @scroll=${this.scrolled}
                @keydown=${this.pressed}
                @focusin=${this.focused}
            >
                ${stuck ? html`<div class="stuck" aria-hidden="true">${this.renderHead(stuck)}</div>` : nothing}
                <div class="all" role="list" style="block-size:${height}px">
                    ${repeat(
                        places,
                        (place) => this.items[place]?.key,
                        (place) => this.renderItem(place, place === reachable),
                    )}
                </div>
            </div>
            ${
                this.fresh > 0
                    ? html`<button class="fresh" type="button" @click=${this.toTop}>
                          ${this.context.words.count("list.new", this.fresh)}
                      </button>`
                    : nothing
            }
        `;
    }

    private renderItem(place: number, reachable: boolean): TemplateResult | typeof nothing {
        const item = this.items[place];
        if (!item) {
            return nothing;
        }
        const start = this.edges[place] ?? 0;
        const style = `transform:translateY(${start}px);block-size:${this.heightOf(item)}px`;
        const [size, position] = [this.items.length, place + 1];
        return item.kind === "head"
            ? html`<div
                  class="item"
                  role="listitem"
                  aria-setsize=${size}
                  aria-posinset=${position}
                  style=${style}
              >
                  ${this.renderHead(item)}
              </div>`
            : html`<div
                  class="item line"
                  role="listitem"
                  aria-setsize=${size}
                  aria-posinset=${position}
                  style=${style}
              >
                  ${renderRow(item.command, this.context, this.usual, this.doors, reachable)}
              </div>`;
    }

    private renderHead({ day, counts }: Head): TemplateResult {
        const { words, clock } = this.context;
        const told = (["open", "success", "failure", "timeout", "cancelled", "lost"] as const)
            .filter((state) => counts[state])
            .map((state) => words.count(`count.${state}`, counts[state] ?? 0));
        return html`<div class="head">
            <h2>${day === null ? words.say("list.now") : clock.dayName(day, clock.now())}</h2>
            <span
                >${told.map((each, place) => html`${place > 0 ? " · " : ""}<bdi>${each}</bdi>`)}</span
            >
        </div>`;
    }

    private headAbove(place: number): Head | undefined {
        for (let above = place; above >= 0; above -= 1) {
            const item = this.items[above];
            if (item?.kind === "head") {
                return item;
            }
        }
        return undefined;
    }

    private readonly scrolled = (): void => {
        this.top = this.window?.scrollTop ?? 0;
        if (this.top < HEAD) {
            this.fresh = 0;
        }
    };

    private readonly toTop = (): void => {
        this.window?.scrollTo({ top: 0 });
        this.fresh = 0;
    };

    private readonly focused = (event: FocusEvent): void => {
        const line = (event.target as HTMLElement).closest(".line");
        this.current = line?.querySelector<HTMLElement>(".row")?.dataset.id ?? this.current;
    };

    /** Arrows go from row to row, Home and End to the ends; Tab leaves the list. */
    private readonly pressed = (event: KeyboardEvent): void => {
        const rows = this.items.filter(({ kind }) => kind === "row").map(({ key }) => key);
        const at = rows.indexOf(this.current);
        const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
        const key = to === undefined ? undefined : rows[Math.max(0, Math.min(rows.length - 1, to))];
        if (key === undefined) {
            return;
        }
        event.preventDefault();
        this.current = key;
        void this.focusCurrent();
    };

    private async focusCurrent(): Promise<void> {
        const place = this.places.get(this.current) ?? 0;
        const [start, end] = [this.edges[place] ?? 0, this.edges[place + 1] ?? 0];
        const window = this.window;
        if (!window) {
            return;
        }
        if (start < window.scrollTop + HEAD) {
            window.scrollTop = start - HEAD;
        } else if (end > window.scrollTop + this.view) {
            window.scrollTop = end - this.view;
        }
        await this.updateComplete;
        this.renderRoot
            .querySelector<HTMLElement>(`.row[data-id="${CSS.escape(this.current)}"]`)
            ?.focus({ preventScroll: true });
    }

    static override styles = [
        rowStyles,
        css`
            :host {
                display: block;
                position: relative;
                min-block-size: 0;
                overflow: hidden;
            }
            .window {
                block-size: 100%;
                overflow-y: auto;
                overflow-anchor: none;
            }
            .stuck {
                position: sticky;
                inset-block-start: 0;
                z-index: 1;
                block-size: 0;
                overflow: visible;
            }
            .stuck .head {
                background: var(--primary-background-color, #fafafa);
            }
            .all {
                position: relative;
            }
            .item {
                position: absolute;
                inset-inline: 0;
                inset-block-start: 0;
            }
            .head {
                box-sizing: border-box;
                block-size: 48px;
                display: flex;
                align-items: end;
                justify-content: space-between;
                gap: 16px;
                padding: 0 16px 8px;
                border-block-end: 1px solid var(--divider-color, #e0e0e0);
            }
            h2 {
                margin: 0;
                font-size: 1em;
                font-weight: 500;
            }
            .head span {
                color: var(--secondary-text-color, #727272);
                font-size: 0.875em;
            }
            .fresh {
                position: absolute;
                inset-block-start: 56px;
                inset-inline: 0;
                margin-inline: auto;
                inline-size: fit-content;
                z-index: 2;
                border: 0;
                border-radius: 18px;
                padding: 8px 16px;
                font: inherit;
                cursor: pointer;
                color: var(--text-primary-color, #fff);
                background: var(--primary-color, #03a9f4);
                box-shadow: 0 2px 6px rgb(0 0 0 / 30%);
            }
        `,
    ];
}

define("command-status-list", CommandList);
