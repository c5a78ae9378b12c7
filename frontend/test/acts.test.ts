import { expect, test, vi } from "vitest";
import { canSendAgain, sendAgain, triggerOf } from "../src/acts";
import { command, hass, open } from "./builders";

test("the same words are sent again", async () => {
    const callService = vi.fn(() => Promise.resolve());
    const sent = command({ parameters: { relay: 1 }, tag: "night" });
    await sendAgain(hass("en", { callService }), sent);
    expect(callService.mock.calls[0]?.slice(0, 3)).toEqual([
        "command_status",
        "send_command",
        {
            config_entry_id: "account",
            target: "dev-7/1",
            command: "JOG",
            parameters: { relay: 1 },
            tag: "night",
        },
    ]);
});

test("an action of this house is performed again", async () => {
    const callService = vi.fn(() => Promise.resolve());
    const done = command({
        provider: "home",
        target: "lock.door",
        command: "lock.lock",
        parameters: {},
    });
    await sendAgain(hass("en", { callService }), done);
    expect(callService.mock.calls[0]?.slice(1, 3)).toEqual([
        "perform_action",
        { action: "lock.lock", data: {}, target: { entity_id: "lock.door" } },
    ]);
});

test("what is secret, or not for this user, cannot be sent again", () => {
    expect(canSendAgain(command())).toBe(true);
    expect(canSendAgain(command({ parameters: null }))).toBe(false);
    expect(canSendAgain(command({ parameters: { password: "**REDACTED**" } }))).toBe(false);
});

test("an automation of a failure is about its device", () => {
    const home = hass("en", { devices: { gate: { area_id: null, name: "Gate" } } });
    expect(JSON.parse(triggerOf(command({ state: "failure" }), home))).toEqual({
        triggers: [{ trigger: "command_status.command_failed", target: { device_id: "gate" } }],
    });
});

test("or about the account, the outcome and the tag, where there is no device or a tag", () => {
    expect(JSON.parse(triggerOf(command({ tag: "night" }), hass()))).toEqual({
        triggers: [
            {
                trigger: "command_status.command_finished",
                options: { config_entry_id: "account", state: ["success"], tag: "night" },
            },
        ],
    });
    expect(triggerOf(open(), hass())).not.toContain('"state"');
});
