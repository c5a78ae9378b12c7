/** A question before something is done that cannot be undone. */

import { css, html, LitElement, type TemplateResult } from "lit";
import { define } from "./define";
import { buttons, dialogs } from "./styles";

export interface Question {
    title: string;
    text: string;
    yes: string;
    no: string;
}

export class Ask extends LitElement {
    static override properties = { question: { state: true } };

    declare question: Question | undefined;
    private answer: ((yes: boolean) => void) | undefined;

    /** Ask, and wait for the answer; a box that is closed is a no. */
    async ask(question: Question): Promise<boolean> {
        this.question = question;
        await this.updateComplete;
        const box = this.renderRoot.querySelector("dialog");
        box?.showModal();
        return new Promise((answer) => (this.answer = answer));
    }

    private close(yes: boolean): void {
        this.answer?.(yes);
        this.answer = undefined;
        this.renderRoot.querySelector("dialog")?.close();
    }

    protected override render(): TemplateResult {
        const { title, text, yes, no } = this.question ?? { title: "", text: "", yes: "", no: "" };
        return html`<dialog
            role="alertdialog"
            aria-labelledby="title"
            aria-describedby="text"
            @close=${() => this.close(false)}
        >
            <div class="body">
                <h2 id="title">${title}</h2>
                <p id="text">${text}</p>
                <div class="buttons">
                    <button class="plain" type="button" @click=${() => this.close(false)}>
                        ${no}
                    </button>
                    <button class="plain strong" type="button" @click=${() => this.close(true)}>
                        ${yes}
                    </button>
                </div>
            </div>
        </dialog>`;
    }

    static override styles = [
        buttons,
        dialogs,
        css`
            dialog {
                inline-size: min(400px, calc(100vw - 32px));
                margin-block: auto;
                border-radius: 16px;
            }
            .body {
                padding: 24px;
            }
            h2 {
                margin: 0 0 8px;
                font-size: 1.25em;
                font-weight: 500;
            }
            p {
                margin: 0 0 24px;
            }
            .buttons {
                display: flex;
                justify-content: end;
                gap: 8px;
            }
        `,
    ];
}

define("command-status-ask", Ask);
