/** The whole story of one command: in words first, technical things one tap away. */

import { mdiClose } from "@mdi/js";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { canSendAgain, copy, toast } from "./acts";
import type { Context } from "./context";
import { define, tell } from "./define";
import { begun, ended } from "./items";
import { icon, LOOKS } from "./look";
import { buttons, dialogs } from "./styles";
import type { Command, Step } from "./types";
import { kindOf, type Usual } from "./usual";
import { yaml } from "./yaml";

export class CommandDetails extends LitElement {
    static override properties = {
        context: { attribute: false },
        command: { attribute: false },
        usual: { attribute: false },
    };

    declare context: Context;
    /** What is shown; none: the box is closed. */
    declare command: Command | undefined;
    declare usual: ReadonlyMap<string, Usual>;

    protected override updated(): void {
        const box = this.renderRoot.querySelector("dialog");
        if (box && !box.open) {
            box.showModal();
        }
    }

    private readonly close = (): void => tell(this, "details-closed", null);

    private readonly pressed = (event: MouseEvent): void => {
        if (event.target === event.currentTarget) {
            this.close();
        }
    };

    protected override render(): TemplateResult | typeof nothing {
        const { command } = this;
        if (!command) {
            return nothing;
        }
        const { words } = this.context;
        return html`<dialog
            aria-labelledby="thing"
            @close=${this.close}
            @click=${this.pressed}
            @keydown=${(event: KeyboardEvent) => event.stopPropagation()}
        >
            <div class="body">
                <div class="head">
                    <h2 id="thing">${command.target_name} · ${words.command(command)}</h2>
                    <button
                        class="close"
                        type="button"
                        aria-label=${words.say("details.close")}
                        @click=${this.close}
                    >
                        ${icon(mdiClose)}
                    </button>
                </div>
                ${this.renderOutcome(command)} ${this.renderSteps(command)}
                ${this.renderMore(command)}
                <div class="buttons">${this.renderButtons(command)}</div>
                ${this.renderTechnical(command)}
            </div>
        </dialog>`;
    }

    private renderOutcome(command: Command): TemplateResult {
        const { words, clock } = this.context;
        const look = LOOKS[command.state];
        const moment = command.final ? ended(command) : begun(command);
        const day = clock.dayName(moment, clock.now());
        return html`<p class="outcome" data-state=${command.state}>
            <span class="icon" style="color:${look.color}">${icon(look.icon)}</span>
            <strong>${words.outcome(command)}</strong>
            <span class="when">${day}, ${clock.timeOf(moment)}</span>
        </p>`;
    }

    private renderSteps(command: Command): TemplateResult {
        const { words, clock } = this.context;
        const steps = command.steps ?? [];
        return html`<ol class="steps">
            <li>
                <time>${clock.exactTimeOf(begun(command))}</time>
                <span>${words.askedBy(command)}</span>
            </li>
            ${steps.map((step) => this.renderStep(step))}
        </ol>`;
    }

    private renderStep({ state, provider_state, at }: Step): TemplateResult {
        const { words, clock } = this.context;
        return html`<li>
            <time>${clock.exactTimeOf(Date.parse(at))}</time>
            <span>
                <i style="background:${LOOKS[state].color}"></i>${words.state(state)}
                ${provider_state ? html`<small dir="auto">${provider_state}</small>` : nothing}
            </span>
        </li>`;
    }

    private renderMore(command: Command): TemplateResult {
        const { words, clock } = this.context;
        const usual = this.usual.get(kindOf(command));
        const seen = words.seen(command);
        return html`<div class="facts">
            ${seen ? html`<p>${seen}</p>` : nothing}
            ${
                usual?.median
                    ? html`<p>
                          ${words.say("details.usually", {
                              duration: clock.duration(usual.median),
                              count: clock.number(usual.ended),
                              share: clock.percent(usual.succeeded / usual.ended),
                          })}
                      </p>`
                    : nothing
            }
            ${
                words.command(command) === command.command
                    ? nothing
                    : html`<p>
                          ${words.say("details.command")}
                          <code dir="ltr">${command.command}</code>
                      </p>`
            }
        </div>`;
    }

    private renderButtons(command: Command): TemplateResult {
        const { words, hass } = this.context;
        const button = (key: string, strong = false): TemplateResult =>
            html`<button
                class="plain ${strong ? "strong" : ""}"
                type="button"
                @click=${() => tell(this, `command-${key}`, command)}
            >
                ${words.say(`${key}.label`)}
            </button>`;
        return html`
            ${
                command.final
                    ? canSendAgain(command)
                        ? button("again", true)
                        : nothing
                    : button("cancel", true)
            }
            ${hass.user?.is_admin ? button("automate") : nothing} ${button("forget")}
        `;
    }

    private renderTechnical(command: Command): TemplateResult {
        const { words } = this.context;
        const text = yaml(command).trimStart();
        const take = async (): Promise<void> => {
            try {
                await copy(text);
                toast(this, words.say("details.copied"));
            } catch {
                // Without https a browser lets nobody write to the clipboard; the text can be marked.
                const mark = getSelection();
                mark?.selectAllChildren(this.renderRoot.querySelector("pre") as HTMLElement);
            }
        };
        return html`<details>
            <summary>${words.say("details.more")}</summary>
            <button class="plain" type="button" @click=${take}>${words.say("details.copy")}</button>
            <pre dir="ltr" tabindex="0" aria-label=${words.say("details.record")}>${text}</pre>
        </details>`;
    }

    static override styles = [
        buttons,
        dialogs,
        css`
            svg {
                inline-size: 24px;
                block-size: 24px;
                fill: currentcolor;
                display: block;
            }
            .body {
                padding: 16px 24px 24px;
            }
            .head {
                display: flex;
                align-items: center;
                gap: 8px;
            }
            h2 {
                flex: 1;
                margin: 0;
                font-size: 1.25em;
                font-weight: 500;
                overflow-wrap: anywhere;
            }
            .close {
                all: unset;
                box-sizing: border-box;
                padding: 12px;
                margin-inline-end: -12px;
                cursor: pointer;
                border-radius: 50%;
            }
            .close:focus-visible {
                outline: 2px solid var(--primary-color, #03a9f4);
            }
            .outcome {
                display: grid;
                grid-template-columns: 24px 1fr;
                column-gap: 12px;
                align-items: center;
                margin: 8px 0 16px;
            }
            .outcome strong {
                font-weight: 500;
            }
            .outcome strong::first-letter {
                text-transform: uppercase;
            }
            .when {
                grid-column: 2;
            }
            .when,
            time,
            small,
            .facts {
                color: var(--secondary-text-color, #727272);
            }
            .steps {
                list-style: none;
                margin: 0;
                padding: 12px 0;
                border-block: 1px solid var(--divider-color, #e0e0e0);
            }
            .steps li {
                display: grid;
                grid-template-columns: 96px 1fr;
                gap: 12px;
                padding-block: 3px;
            }
            .steps i {
                display: inline-block;
                inline-size: 10px;
                block-size: 10px;
                border-radius: 50%;
                margin-inline-end: 8px;
            }
            time {
                font-variant-numeric: tabular-nums;
            }
            small {
                margin-inline-start: 8px;
                overflow-wrap: anywhere;
            }
            .facts p {
                margin: 12px 0 0;
            }
            .buttons {
                display: flex;
                flex-wrap: wrap;
                gap: 8px;
                margin-block: 16px;
            }
            summary {
                cursor: pointer;
                padding-block: 8px;
                color: var(--secondary-text-color, #727272);
            }
            pre {
                overflow: auto;
                max-block-size: 320px;
                padding: 12px;
                border-radius: 8px;
                background: color-mix(in srgb, currentcolor 6%, transparent);
                font-size: 0.8125em;
                user-select: text;
            }
        `,
    ];
}

define("command-status-details", CommandDetails);
