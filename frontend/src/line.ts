/** The time line: what happened when, at a glance; each command a bar from asked to ended. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Context } from "./context";
import { define, tell } from "./define";
import { lanesOf, marks, type Bar, type Lane } from "./lanes";
import { LOOKS } from "./look";
import { segments } from "./segments";
import type { Command } from "./types";

const SPANS = [1, 6, 24, 168];
const HOUR = 3_600_000;
/** Lanes that are shown before the quiet ones fold away. */
const BUSY = 12;
const SCALE = 28;
const BAR = 12;
const GAP = 4;
const PAD = 10;
const CAP = 7;

interface Placed {
    bar: Bar;
    x: number;
    y: number;
    width: number;
}

export class CommandLine extends LitElement {
    static override properties = {
        context: { attribute: false },
        commands: { attribute: false },
        span: { type: Number },
        unfolded: { state: true },
        told: { state: true },
    };

    declare context: Context;
    declare commands: readonly Command[];
    /** Hours from the left edge to now. */
    declare span: number;
    declare unfolded: boolean;
    /** The command that hover or focus tells about. */
    declare told: Placed | undefined;

    private lanes: readonly Lane[] = [];
    private placed: Placed[] = [];
    private size = 0;
    private frame = 0;
    private fingers = new Map<number, number>();
    private apart = 0;
    private readonly watch = new ResizeObserver(([entry]) => {
        this.size = entry?.contentRect.width ?? 0;
        this.requestUpdate();
    });

    constructor() {
        super();
        this.commands = [];
        this.span = 6;
        this.unfolded = false;
    }

    override connectedCallback(): void {
        super.connectedCallback();
        this.watch.observe(this);
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        this.watch.disconnect();
        cancelAnimationFrame(this.frame);
    }

    protected override willUpdate(): void {
        const now = this.context.clock.now();
        this.lanes = lanesOf(this.commands, now - this.span * HOUR, now);
    }

    private get shown(): readonly Lane[] {
        return this.unfolded ? this.lanes : this.lanes.slice(0, BUSY);
    }

    private get canvas(): HTMLCanvasElement | null {
        return this.renderRoot.querySelector("canvas");
    }

    protected override render(): TemplateResult {
        const { words, clock } = this.context;
        const number = this.lanes.reduce((sum, lane) => sum + lane.bars.length, 0);
        const folded = this.lanes.length - this.shown.length;
        return html`
            <div class="bar" role="group" aria-label=${words.say("line.span")}>
                ${SPANS.map(
                    (hours) =>
                        html`<button
                            type="button"
                            aria-pressed=${hours === this.span}
                            @click=${() => tell(this, "span-chosen", hours)}
                        >
                            ${clock.span(hours)}
                        </button>`,
                )}
            </div>
            ${
                number === 0
                    ? html`<p class="none">${words.say("line.none")}</p>`
                    : html`<div class="field">
                          <canvas
                              role="img"
                              tabindex="0"
                              aria-label=${words.count("line.label", number)}
                              aria-describedby="told"
                              @pointermove=${this.moved}
                              @pointerleave=${this.left}
                              @pointerdown=${this.down}
                              @pointerup=${this.up}
                              @pointercancel=${this.up}
                              @click=${this.clicked}
                              @keydown=${this.pressed}
                              @wheel=${this.wheeled}
                          ></canvas>
                          ${this.told ? this.renderTold(this.told, clock.timeOf(this.told.bar.from)) : nothing}
                          <p id="told" class="unseen" aria-live="polite">
                              ${this.told ? this.sentence(this.told.bar.command) : ""}
                          </p>
                      </div>`
            }
            ${
                folded > 0
                    ? html`<button
                          class="more"
                          type="button"
                          @click=${() => (this.unfolded = true)}
                      >
                          ${words.count("line.more", folded)}
                      </button>`
                    : nothing
            }
        `;
    }

    private sentence(command: Command): string {
        const { words } = this.context;
        return `${command.target_name}, ${words.command(command)}: ${words.outcome(command)}`;
    }

    private renderTold({ bar, x, y }: Placed, time: string): TemplateResult {
        const { words } = this.context;
        const { command } = bar;
        const left = Math.max(8, Math.min(this.size - 248, x));
        return html`<div class="tip" aria-hidden="true" style="left:${left}px;top:${y + BAR + 8}px">
            <strong>${command.target_name}</strong> · ${words.command(command)}<br />
            ${words.outcome(command)}<br />
            <small>${time}</small>
        </div>`;
    }

    protected override updated(): void {
        cancelAnimationFrame(this.frame);
        if (!document.hidden) {
            this.frame = requestAnimationFrame(this.draw);
        }
    }

    private readonly draw = (): void => {
        const canvas = this.canvas;
        const pen = canvas?.getContext("2d");
        if (!canvas || !pen || this.size === 0) {
            return;
        }
        const style = getComputedStyle(this);
        const mirrored = style.direction === "rtl";
        const small = this.size < 600;
        const names = small ? 0 : 180;
        const heights = this.shown.map(
            (lane) => lane.lines * (BAR + GAP) - GAP + 2 * PAD + (small ? 18 : 0),
        );
        const height = SCALE + heights.reduce((sum, each) => sum + each, 0);
        const ratio = window.devicePixelRatio;
        canvas.style.blockSize = `${height}px`;
        canvas.width = Math.round(this.size * ratio);
        canvas.height = Math.round(height * ratio);
        pen.scale(ratio, ratio);

        const color = paints(style);
        const now = this.context.clock.now();
        const begin = now - this.span * HOUR;
        const width = this.size - names - 24;
        const at = (moment: number): number => {
            const x = names + 8 + ((Math.max(begin, moment) - begin) / (now - begin)) * width;
            return mirrored ? this.size - x : x;
        };
        const text = (words: string, x: number, y: number, room: number): void => {
            pen.textAlign = mirrored ? "right" : "left";
            pen.fillText(short(pen, words, room), mirrored ? this.size - x : x, y);
        };

        pen.font = `12px ${style.fontFamily}`;
        pen.textBaseline = "middle";
        this.drawScale(pen, begin, now, height, at, color);
        this.placed = [];
        let y = SCALE;
        for (const [place, lane] of this.shown.entries()) {
            const own = heights[place] ?? 0;
            pen.fillStyle = color("var(--divider-color, #e0e0e0)");
            pen.fillRect(0, y, this.size, 1);
            pen.font = `500 14px ${style.fontFamily}`;
            pen.fillStyle = color("var(--primary-text-color, #212121)");
            text(lane.name, 16, small ? y + 14 : y + own / 2, small ? this.size - 32 : names - 24);
            for (const bar of lane.bars) {
                this.drawBar(pen, bar, y + PAD + (small ? 18 : 0), now, begin, at, color);
            }
            y += own;
        }
        pen.fillStyle = color("var(--primary-color, #03a9f4)");
        pen.fillRect(at(now) - 1, SCALE - 6, 2, height - SCALE + 6);
    };

    private drawScale(
        pen: CanvasRenderingContext2D,
        begin: number,
        now: number,
        height: number,
        at: (moment: number) => number,
        color: (name: string) => string,
    ): void {
        const { clock } = this.context;
        const { moments, days } = marks(begin, now, this.size < 600 ? 4 : 8);
        pen.textAlign = "center";
        for (const moment of moments) {
            const x = at(moment);
            pen.fillStyle = color("var(--divider-color, #e0e0e0)");
            pen.fillRect(x, SCALE - 6, 1, height);
            pen.fillStyle = color("var(--secondary-text-color, #727272)");
            const told = days ? clock.dateOf(moment) : clock.timeOf(moment);
            const half = pen.measureText(told).width / 2 + 4;
            pen.fillText(told, Math.max(half, Math.min(this.size - half, x)), SCALE / 2);
        }
    }

    private drawBar(
        pen: CanvasRenderingContext2D,
        bar: Bar,
        top: number,
        now: number,
        begin: number,
        at: (moment: number) => number,
        color: (name: string) => string,
    ): void {
        const y = top + bar.line * (BAR + GAP);
        const [start, end] = [at(bar.from), at(bar.to)];
        const [x, width] = [Math.min(start, end), Math.max(3, Math.abs(end - start))];
        for (const { state, from, to } of segments(bar.command, now)) {
            if (to >= begin) {
                pen.fillStyle = color(LOOKS[state].color);
                const [one, other] = [at(from), at(to)];
                pen.fillRect(
                    Math.min(one, other),
                    y + 2,
                    Math.max(1, Math.abs(other - one)),
                    BAR - 4,
                );
            }
        }
        if (bar.command.final) {
            drawCap(
                pen,
                bar.command.state,
                end,
                y + BAR / 2,
                color(LOOKS[bar.command.state].color),
            );
        }
        this.placed.push({ bar, x, y, width });
        if (this.told?.bar.command.tracking_id === bar.command.tracking_id) {
            pen.strokeStyle = color("var(--primary-text-color, #212121)");
            pen.lineWidth = 1.5;
            pen.strokeRect(x - CAP, y - 2, width + 2 * CAP, BAR + 4);
        }
    }

    // What hover, keys and fingers do

    private at(event: MouseEvent): Placed | undefined {
        const reach = 10;
        const { offsetX, offsetY } = event;
        return this.placed
            .filter(
                ({ x, y, width }) =>
                    offsetX >= x - reach &&
                    offsetX <= x + width + reach &&
                    offsetY >= y - GAP / 2 &&
                    offsetY <= y + BAR + GAP / 2,
            )
            .at(-1);
    }

    private readonly moved = (event: PointerEvent): void => {
        this.pinched(event);
        this.told = this.at(event);
    };

    private readonly left = (): void => {
        this.told = undefined;
    };

    private readonly clicked = (event: MouseEvent): void => {
        const found = this.at(event);
        if (found) {
            tell(this, "command-open", found.bar.command);
        }
    };

    private readonly pressed = (event: KeyboardEvent): void => {
        const inTime = [...this.placed].sort((one, other) => one.bar.from - other.bar.from);
        const told = this.told?.bar.command.tracking_id;
        const place = inTime.findIndex(({ bar }) => bar.command.tracking_id === told);
        const last = inTime.length - 1;
        const to = {
            ArrowLeft: place < 0 ? last : Math.max(0, place - 1),
            ArrowRight: place < 0 ? last : Math.min(last, place + 1),
            Home: 0,
            End: last,
        }[event.key];
        if (to !== undefined) {
            event.preventDefault();
            this.told = inTime[to];
        } else if (event.key === "Enter" && this.told) {
            // Or the key would also press what is in focus once the details are open.
            event.preventDefault();
            tell(this, "command-open", this.told.bar.command);
        } else if (event.key === "Escape") {
            this.told = undefined;
        }
    };

    private readonly wheeled = (event: WheelEvent): void => {
        if (event.ctrlKey) {
            event.preventDefault();
            this.zoom(event.deltaY > 0 ? 1 : -1);
        }
    };

    private readonly down = (event: PointerEvent): void => {
        this.fingers.set(event.pointerId, event.offsetX);
        this.apart = 0;
    };

    private readonly up = (event: PointerEvent): void => {
        this.fingers.delete(event.pointerId);
    };

    private pinched(event: PointerEvent): void {
        if (!this.fingers.has(event.pointerId)) {
            return;
        }
        this.fingers.set(event.pointerId, event.offsetX);
        const [one, other] = [...this.fingers.values()];
        if (one === undefined || other === undefined) {
            return;
        }
        const apart = Math.abs(one - other);
        this.apart ||= apart;
        if (apart > this.apart * 1.5 || apart < this.apart / 1.5) {
            this.zoom(apart > this.apart ? -1 : 1);
            this.apart = apart;
        }
    }

    private zoom(steps: number): void {
        const span = SPANS[SPANS.indexOf(this.span) + steps];
        if (span !== undefined) {
            tell(this, "span-chosen", span);
        }
    }

    static override styles = css`
        :host {
            display: block;
            overflow-y: auto;
            min-block-size: 0;
        }
        .bar {
            display: flex;
            gap: 8px;
            padding: 12px 16px;
        }
        button {
            font: inherit;
            color: inherit;
            background: none;
            border: 1px solid var(--divider-color, #e0e0e0);
            border-radius: 16px;
            padding: 6px 12px;
            cursor: pointer;
        }
        button[aria-pressed="true"] {
            border-color: var(--primary-color, #03a9f4);
            background: color-mix(in srgb, var(--primary-color, #03a9f4) 20%, transparent);
        }
        button:focus-visible,
        canvas:focus-visible {
            outline: 2px solid var(--primary-color, #03a9f4);
            outline-offset: -2px;
        }
        .field {
            position: relative;
        }
        canvas {
            display: block;
            inline-size: 100%;
            touch-action: pan-y;
        }
        .tip {
            position: absolute;
            inline-size: 216px;
            padding: 8px 12px;
            border-radius: 8px;
            pointer-events: none;
            background: var(--card-background-color, #fff);
            box-shadow: 0 2px 8px rgb(0 0 0 / 40%);
            z-index: 1;
        }
        small {
            color: var(--secondary-text-color, #727272);
        }
        .none {
            padding: 32px 16px;
            text-align: center;
            color: var(--secondary-text-color, #727272);
        }
        .more {
            margin: 16px;
        }
        .unseen {
            position: absolute;
            clip-path: inset(50%);
            inline-size: 1px;
            block-size: 1px;
            overflow: hidden;
            white-space: nowrap;
        }
    `;
}

/** Return the paint that a custom property stands for; each is looked up once. */
function paints(style: CSSStyleDeclaration): (name: string) => string {
    const known = new Map<string, string>();
    return (name) => {
        let found = known.get(name);
        if (found === undefined) {
            const [, property = "", fallback = name] = /^var\((--[\w-]+), (.+)\)$/.exec(name) ?? [];
            found = style.getPropertyValue(property).trim() || fallback;
            known.set(name, found);
        }
        return found;
    };
}

/** End a bar with a shape, so that outcomes are told apart without colours. */
function drawCap(
    pen: CanvasRenderingContext2D,
    state: Command["state"],
    x: number,
    y: number,
    color: string,
): void {
    pen.fillStyle = color;
    pen.strokeStyle = color;
    pen.lineWidth = 2;
    pen.beginPath();
    if (state === "success") {
        pen.arc(x, y, CAP - 1, 0, 2 * Math.PI);
        pen.fill();
    } else if (state === "failure") {
        pen.moveTo(x - CAP + 1, y - CAP + 1);
        pen.lineTo(x + CAP - 1, y + CAP - 1);
        pen.moveTo(x + CAP - 1, y - CAP + 1);
        pen.lineTo(x - CAP + 1, y + CAP - 1);
        pen.lineWidth = 3;
        pen.stroke();
    } else if (state === "timeout") {
        pen.arc(x, y, CAP - 2, 0, 2 * Math.PI);
        pen.stroke();
    } else if (state === "lost") {
        pen.moveTo(x, y - CAP);
        pen.lineTo(x + CAP, y);
        pen.lineTo(x, y + CAP);
        pen.lineTo(x - CAP, y);
        pen.closePath();
        pen.stroke();
    } else {
        pen.fillRect(x - CAP + 2, y - CAP + 2, 2 * CAP - 4, 2 * CAP - 4);
    }
}

function short(pen: CanvasRenderingContext2D, words: string, room: number): string {
    if (pen.measureText(words).width <= room) {
        return words;
    }
    let end = words.length;
    while (end > 1 && pen.measureText(`${words.slice(0, end)}…`).width > room) {
        end -= 1;
    }
    return `${words.slice(0, end)}…`;
}

define("command-status-line", CommandLine);
