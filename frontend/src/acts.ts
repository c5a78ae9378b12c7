/** What a user can do with a command; everything goes through actions, with their rights. */

import { tell } from "./define";
import type { Command, Hass } from "./types";

const DOMAIN = "command_status";
const HIDDEN = "**REDACTED**";
/** Milliseconds until Home Assistant's editor has surely opened. */
const PATIENCE = 10_000;

/** Whether the very same words are known here: what is secret, or not for this user, is not. */
export function canSendAgain(command: Command): boolean {
    return (
        command.parameters !== undefined &&
        command.parameters !== null &&
        !JSON.stringify(command.parameters).includes(HIDDEN)
    );
}

export async function sendAgain(hass: Hass, command: Command): Promise<void> {
    const tag = command.tag === null ? {} : { tag: command.tag };
    const parameters = command.parameters ?? {};
    if (command.provider === "home") {
        const target = command.target.includes(".") && command.target !== command.command;
        await call(hass, "perform_action", {
            action: command.command,
            data: parameters,
            ...(target ? { target: { entity_id: command.target } } : {}),
            ...tag,
        });
        return;
    }
    await call(hass, "send_command", {
        config_entry_id: command.config_entry_id,
        target: command.target,
        command: command.command,
        parameters,
        ...tag,
    });
}

export async function cancel(hass: Hass, command: Command): Promise<void> {
    await call(hass, "cancel_command", { tracking_id: command.tracking_id });
}

export async function forget(hass: Hass, command: Command): Promise<void> {
    await call(hass, "forget_command", { tracking_id: command.tracking_id });
}

async function call(hass: Hass, action: string, data: Record<string, unknown>): Promise<void> {
    const withAnswer = action !== "forget_command";
    await hass.callService(DOMAIN, action, data, undefined, false, withAnswer);
}

/** What Home Assistant says when it refuses, in the user's own words already. */
export function told(error: unknown): string {
    const message = (error as { message?: unknown } | null)?.message;
    return typeof message === "string" ? message : String(error);
}

export function toast(element: HTMLElement, message: string): void {
    tell(element, "hass-notification", { message });
}

export function navigate(path: string): void {
    history.pushState(null, "", path);
    window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace: false } }));
}

/** The trigger of an automation that runs when this happens again, as YAML that is also JSON. */
export function triggerOf(command: Command, hass: Hass): string {
    const words: Partial<Record<string, string>> = {
        success: "command_succeeded",
        failure: "command_failed",
        timeout: "command_timed_out",
        cancelled: "command_cancelled",
        lost: "command_lost",
    };
    const device = command.device_id !== null && command.device_id in hass.devices;
    const word = words[command.state];
    if (device && word !== undefined && command.tag === null) {
        return JSON.stringify({
            triggers: [{ trigger: `${DOMAIN}.${word}`, target: { device_id: command.device_id } }],
        });
    }
    const options = {
        config_entry_id: command.config_entry_id,
        ...(command.final ? { state: [command.state] } : {}),
        ...(command.tag === null ? {} : { tag: command.tag }),
    };
    return JSON.stringify({ triggers: [{ trigger: `${DOMAIN}.command_finished`, options }] });
}

/**
 * Open Home Assistant's editor with a trigger filled in. Its editor takes what is pasted into it,
 * and that is how it gets the trigger; False where no editor came, so that the user can paste.
 */
export async function makeAutomation(trigger: string): Promise<boolean> {
    navigate("/config/automation/edit/new");
    const until = performance.now() + PATIENCE;
    while (performance.now() < until) {
        if (find(document, "manual-automation-editor")) {
            // The editor listens once it has been drawn.
            await new Promise((done) => setTimeout(done, 300));
            const clipboardData = new DataTransfer();
            clipboardData.setData("text", trigger);
            clipboardData.setData("text/plain", trigger);
            window.dispatchEvent(new ClipboardEvent("paste", { clipboardData }));
            return true;
        }
        await new Promise((done) => setTimeout(done, 50));
    }
    return false;
}

function find(root: ParentNode, name: string): Element | null {
    const direct = root.querySelector(name);
    if (direct) {
        return direct;
    }
    for (const element of root.querySelectorAll("*")) {
        const found = element.shadowRoot && find(element.shadowRoot, name);
        if (found) {
            return found;
        }
    }
    return null;
}

export async function copy(text: string): Promise<void> {
    await navigator.clipboard.writeText(text);
}
