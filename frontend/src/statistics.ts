/** How often, how well and how fast: one row for each thing and command, the worst first. */

import { css, html, LitElement, nothing, svg, type PropertyValues, type TemplateResult } from "lit";
import type { Context } from "./context";
import { define, tell } from "./define";
import { ended } from "./items";
import { LOOKS } from "./look";
import { DAY } from "./time";
import type { Command, Figures, State } from "./types";
import { kindOf, median } from "./usual";

const DAYS = 7;
/** Rows that are drawn in one go. */
const AT_ONCE = 10;
/** Milliseconds after which the figures are asked for again. */
const AGAIN = 30_000;
const OUTCOMES: readonly State[] = ["success", "cancelled", "timeout", "lost", "failure"];
/** What fails less often than this is not worth a warning. */
const OFTEN = 0.9;

export class CommandStatistics extends LitElement {
    static override properties = {
        context: { attribute: false },
        commands: { attribute: false },
        account: { type: String },
        providers: { attribute: false },
        figures: { state: true },
        failed: { state: true },
        room: { state: true },
    };

    declare context: Context;
    declare commands: readonly Command[];
    /** A config entry, or empty for all. */
    declare account: string;
    /** Who runs the commands of each account; none as long as that is not known. */
    declare providers: Readonly<Record<string, string>> | undefined;
    declare figures: readonly Figures[] | undefined;
    declare failed: boolean;
    /** How many rows are drawn by now. */
    declare room: number;

    /** What came with the figures; whatever changes until the next is not looked at. */
    private days: ReadonlyMap<string, (number | null)[]> = new Map();
    private timer: ReturnType<typeof setInterval> | undefined;

    constructor() {
        super();
        this.commands = [];
        this.account = "";
        this.failed = false;
        this.room = AT_ONCE;
    }

    override connectedCallback(): void {
        super.connectedCallback();
        this.timer = setInterval(() => void this.ask(), AGAIN);
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        clearInterval(this.timer);
    }

    protected override firstUpdated(): void {
        void this.ask();
    }

    private readonly ask = async (): Promise<void> => {
        try {
            const { statistics } = await this.context.hass.callWS<{ statistics: Figures[] }>({
                type: "command_status/statistics",
            });
            this.days = this.perDay();
            this.figures = statistics;
            this.failed = false;
        } catch {
            this.failed = true;
        }
    };

    /** Only what the figures are told with counts, as long as they are the same. */
    protected override shouldUpdate(changed: PropertyValues<this>): boolean {
        const before = changed.get("context");
        const drawn = ["figures", "failed", "room", "account", "providers"] as const;
        return (
            !this.hasUpdated ||
            drawn.some((name) => changed.has(name)) ||
            (before !== undefined && before.words !== this.context.words)
        );
    }

    /** Hundreds of rows are drawn a few at a time, so that the browser is there for others. */
    protected override updated(): void {
        if (this.figures && this.room < this.figures.length) {
            setTimeout(() => (this.room += AT_ONCE));
        }
    }

    protected override render(): TemplateResult {
        const { words } = this.context;
        const { providers } = this;
        if (!this.figures || !providers) {
            return this.failed
                ? html`<p class="none">${words.say("error.title")}</p>`
                : html`<p class="none" role="status">${words.say("loading")}</p>`;
        }
        const figures = this.figures
            .filter(({ config_entry_id }) => !this.account || config_entry_id === this.account)
            .sort((one, other) => wrong(other) - wrong(one) || other.count - one.count);
        if (figures.length === 0) {
            return html`<p class="none">${words.say("statistics.none")}</p>`;
        }
        return html`
            <p class="sum">${this.summary(figures)}</p>
            <table>
                <thead>
                    <tr>
                        <th scope="col">${words.say("statistics.thing")}</th>
                        <th scope="col" class="number">${words.say("statistics.count")}</th>
                        <th scope="col" class="outcomes">${words.say("statistics.outcomes")}</th>
                        <th scope="col" class="number">${words.say("statistics.share")}</th>
                        <th scope="col" class="number">${words.say("statistics.median")}</th>
                        <th scope="col" class="number wide">${words.say("statistics.p95")}</th>
                        <th scope="col" class="wide">${words.say("statistics.days")}</th>
                        <th scope="col" class="number wide">${words.say("statistics.requests")}</th>
                    </tr>
                </thead>
                <tbody>
                    ${this.renderRows(figures.slice(0, this.room), providers)}
                </tbody>
            </table>
        `;
    }

    private summary(figures: readonly Figures[]): string {
        const { words, clock } = this.context;
        const sum = (value: (each: Figures) => number): number =>
            figures.reduce((total, each) => total + value(each), 0);
        const [count, succeeded] = [
            sum((each) => each.count),
            sum((each) => each.states.success ?? 0),
        ];
        const often = [
            ...new Set(
                figures
                    .filter((each) => wrong(each) > 1 && (each.success_share ?? 1) < OFTEN)
                    .map((each) => each.target_name),
            ),
        ].slice(0, 3);
        const told = words.say("statistics.sum", {
            count: clock.number(count),
            succeeded: clock.number(succeeded),
        });
        return often.length === 0
            ? told
            : `${told} ${words.say("statistics.often", { things: often.join(", ") })}`;
    }

    private renderRows(
        figures: readonly Figures[],
        providers: Readonly<Record<string, string>>,
    ): TemplateResult[] {
        return figures.map((each) => {
            const { words, clock } = this.context;
            const seconds = (value: number | null): string =>
                value === null ? "–" : clock.duration(value);
            const provider = providers[each.config_entry_id] ?? "";
            const outcomes = OUTCOMES.filter((state) => each.states[state])
                .map((state) => words.count(`count.${state}`, each.states[state] ?? 0))
                .join(", ");
            return html`<tr>
                <th scope="row">
                    <button type="button" @click=${() => tell(this, "figures-chosen", each)}>
                        ${each.target_name}
                        <span>${words.command({ provider, command: each.command })}</span>
                    </button>
                </th>
                <td class="number">${clock.number(each.count)}</td>
                <td class="outcomes">
                    <span class="bar" role="img" aria-label=${outcomes} title=${outcomes}>
                        ${OUTCOMES.filter((state) => each.states[state]).map(
                            (state) =>
                                html`<i
                                    style="flex:${each.states[state]};background:${LOOKS[state].color}"
                                ></i>`,
                        )}
                    </span>
                </td>
                <td class="number">
                    ${each.success_share === null ? "–" : clock.percent(each.success_share)}
                </td>
                <td class="number">${seconds(each.median)}</td>
                <td class="number wide">${seconds(each.p95)}</td>
                <td class="wide">${this.renderDays(this.days.get(kindOf(each)))}</td>
                <td class="number wide">${clock.number(each.requests)}</td>
            </tr>`;
        });
    }

    /** The usual time of each day, for each thing and command; days without one are left out. */
    private perDay(): Map<string, (number | null)[]> {
        const now = this.context.clock.now();
        const durations = new Map<string, number[][]>();
        for (const command of this.commands) {
            const ago = Math.floor((now - ended(command)) / DAY);
            if (command.state === "success" && command.duration !== null && ago < DAYS) {
                const kind = kindOf(command);
                const days = durations.get(kind) ?? Array.from({ length: DAYS }, () => []);
                days[DAYS - 1 - Math.max(0, ago)]?.push(command.duration);
                durations.set(kind, days);
            }
        }
        return new Map([...durations].map(([kind, days]) => [kind, days.map(median)]));
    }

    private renderDays(days: (number | null)[] | undefined): TemplateResult | typeof nothing {
        const known = (days ?? []).flatMap((value, day) =>
            value === null ? [] : [{ day, value }],
        );
        if (known.length < 2) {
            return nothing;
        }
        const { words, clock } = this.context;
        const highest = Math.max(...known.map(({ value }) => value), 0.001);
        const points = known
            .map(
                ({ day, value }) => `${(day / (DAYS - 1)) * 76 + 2},${22 - (value / highest) * 20}`,
            )
            .join(" ");
        const values = known.map(({ value }) => clock.duration(value)).join(", ");
        return html`<svg
            class="spark"
            viewBox="0 0 80 24"
            role="img"
            aria-label="${words.say("statistics.days")}: ${values}"
        >
            ${svg`<polyline points=${points}></polyline>`}
        </svg>`;
    }

    static override styles = css`
        :host {
            display: block;
            min-block-size: 0;
            overflow: auto;
            container-type: inline-size;
        }
        .sum {
            margin: 0;
            padding: 16px;
            font-size: 1.1em;
        }
        .none {
            padding: 32px 16px;
            text-align: center;
            color: var(--secondary-text-color, #727272);
        }
        table {
            inline-size: 100%;
            border-collapse: collapse;
        }
        th,
        td {
            padding: 8px 12px;
            text-align: start;
            font-weight: 400;
            border-block-end: 1px solid var(--divider-color, #e0e0e0);
        }
        th:first-child {
            padding-inline-start: 16px;
        }
        thead th {
            position: sticky;
            inset-block-start: 0;
            background: var(--primary-background-color, #fafafa);
            color: var(--secondary-text-color, #727272);
            font-size: 0.875em;
            z-index: 1;
        }
        .number {
            text-align: end;
            font-variant-numeric: tabular-nums;
        }
        button {
            all: unset;
            cursor: pointer;
            font-weight: 500;
        }
        button:hover {
            text-decoration: underline;
        }
        button:focus-visible {
            outline: 2px solid var(--primary-color, #03a9f4);
        }
        button span {
            font-weight: 400;
            color: var(--secondary-text-color, #727272);
        }
        .bar {
            display: flex;
            gap: 1px;
            inline-size: 96px;
            block-size: 8px;
            border-radius: 4px;
            overflow: hidden;
        }
        .spark {
            display: block;
            inline-size: 80px;
            block-size: 24px;
        }
        polyline {
            fill: none;
            stroke: var(--primary-color, #03a9f4);
            stroke-width: 2;
        }
        :host(:dir(rtl)) .spark {
            transform: scaleX(-1);
        }
        @container (inline-size < 700px) {
            .wide {
                display: none;
            }
            .bar {
                inline-size: 48px;
            }
            th,
            td {
                padding-inline: 6px;
            }
        }
        @container (inline-size < 480px) {
            .outcomes {
                display: none;
            }
        }
    `;
}

function wrong({ states }: Figures): number {
    return (states.failure ?? 0) + (states.timeout ?? 0) + (states.lost ?? 0);
}

define("command-status-statistics", CommandStatistics);
