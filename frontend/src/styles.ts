/** What buttons and dialogs of panel and card have in common. */

import { css } from "lit";

export const buttons = css`
    button.plain {
        font: inherit;
        font-weight: 500;
        min-block-size: 36px;
        padding: 6px 14px;
        border: 1px solid var(--divider-color, #e0e0e0);
        border-radius: 18px;
        background: none;
        color: inherit;
        cursor: pointer;
    }
    button.plain.strong {
        border-color: var(--primary-color, #03a9f4);
        background: color-mix(in srgb, var(--primary-color, #03a9f4) 20%, transparent);
    }
    button.plain:hover {
        background: color-mix(in srgb, currentcolor 8%, transparent);
    }
    button.plain:disabled {
        opacity: 0.6;
        cursor: default;
    }
    button:focus-visible,
    a:focus-visible,
    summary:focus-visible {
        outline: 2px solid var(--primary-color, #03a9f4);
        outline-offset: 2px;
    }
`;

/** A box before the page; on a phone a sheet from below. */
export const dialogs = css`
    dialog {
        box-sizing: border-box;
        inline-size: min(560px, calc(100vw - 32px));
        max-block-size: calc(100dvh - 64px);
        padding: 0;
        border: 0;
        border-radius: 16px;
        color: var(--primary-text-color, #212121);
        background: var(--card-background-color, #fff);
        box-shadow: 0 8px 32px rgb(0 0 0 / 40%);
        overflow: auto;
    }
    dialog::backdrop {
        background: rgb(0 0 0 / 50%);
    }
    @media (width < 600px) {
        dialog {
            inline-size: 100vw;
            max-inline-size: 100vw;
            margin-block-end: 0;
            border-end-start-radius: 0;
            border-end-end-radius: 0;
            padding-block-end: env(safe-area-inset-bottom, 0);
        }
    }
`;
