import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { loadActions, loadWords } from "../src/words";
import { command, hass, localizer, open, texts, words } from "./builders";

describe("what was asked", () => {
    const asked = (provider: string, word: string, language = "en"): string =>
        words(language).command(command({ provider, command: word }));

    test.each([
        ["wlte", "JOG", "Switch the relay on for a moment"],
        ["blink", "thumbnail", "Take a new thumbnail"],
        ["esper", "REBOOT", "Restart the device"],
        ["esper", "SOMETHING_NEW", "SOMETHING_NEW"],
    ])("%s %s is told in our words, where we have any", (provider, word, told) => {
        expect(asked(provider, word)).toBe(told);
    });

    test("it is told in the language of the user", () => {
        expect(asked("wlte", "ON", "de")).toBe("Relais einschalten");
    });

    test("an API that a user described may mean something else by the same word", () => {
        expect(asked("rest", "on")).toBe("on");
        expect(asked("", "on")).toBe("on");
    });

    test("an action of this home has the name that Home Assistant gives it", () => {
        const ours = localizer("en");
        const localize = (key: string): string =>
            key === "component.light.services.turn_on.name" ? "Turn on light" : ours(key);
        const home = words("en", { localize });
        const action = (word: string): string => home.command({ provider: "home", command: word });
        expect(action("light.turn_on")).toBe("Turn on light");
        expect(action("script.good_night")).toBe("script.good_night");
        expect(home.command({ provider: "rest", command: "light.turn_on" })).toBe("light.turn_on");
    });

    test("the names of the actions that occur are loaded, of all that there are", () => {
        const loadBackendTranslation = vi.fn(() => Promise.resolve());
        const home = hass("en", { loadBackendTranslation, services: { light: {}, lock: {} } });
        const done = (word: string, provider = "home"): ReturnType<typeof command> =>
            command({ provider, command: word });
        loadActions(home, [command(), done("lock.lock", "rest")]);
        expect(loadBackendTranslation).not.toHaveBeenCalled();
        loadActions(
            home,
            ["light.turn_on", "light.turn_off", "gone.on"].map((word) => done(word)),
        );
        expect(loadBackendTranslation.mock.calls).toEqual([["services", ["light"]]]);
    });

    test("our texts are asked for once for all elements, who all wait for them", async () => {
        let arrive = (): void => undefined;
        const arrived = new Promise<void>((done) => (arrive = done));
        const loadBackendTranslation = vi.fn(() => arrived);
        const home = hass("pl", { loadBackendTranslation });
        const seen: string[] = [];
        const both = ["panel", "card"].map(async (each) => {
            await loadWords(home);
            seen.push(each);
        });
        await Promise.resolve();
        expect(seen).toEqual([]);
        arrive();
        await Promise.all(both);
        expect(seen).toEqual(["panel", "card"]);
        expect(loadBackendTranslation.mock.calls).toEqual([
            ["config_panel", "command_status"],
            ["selector", "command_status"],
        ]);
        const refused = hass("nl", { loadBackendTranslation: () => Promise.reject(new Error()) });
        await expect(loadWords(refused)).resolves.toBeUndefined();
    });
});

describe("what became of a command", () => {
    const waiting = (changes: object): ReturnType<typeof open> =>
        open({ state: "queued", command_id: null, provider_state: null, ...changes });

    test.each([
        [command(), "succeeded after 3.2 s"],
        [command({ duration: 75 }), "succeeded after 75 s"],
        [command({ duration: 3725 }), "succeeded after 1:02:05"],
        [command({ late: true }), "succeeded after 3.2 s (a late correction)"],
        [open(), "sent"],
        [open({ state: "in_progress", progress: 40 }), "in progress, 40%"],
        [
            command({ state: "failure", reason: "busy; the target was offline" }),
            "failed: the device was busy with something else; the target was offline",
        ],
        [command({ state: "failure", reason: "Door (open)" }), "failed: Door (open)"],
        [command({ state: "failure", reason: "odd_word" }), "failed: odd_word"],
        [command({ state: "timeout", duration: 60 }), "not confirmed within 60 s"],
        [waiting({}), "waits to be sent"],
        [waiting({ command_id: "7" }), "queued at the provider"],
        [waiting({ request_id: "8" }), "queued at the provider"],
        [waiting({ provider_state: "new" }), "queued at the provider"],
        [waiting({ command_id: "7", state: "scheduled" }), "will start later"],
    ])("%#: it is a sentence", (told, sentence) => {
        expect(words().outcome(told).replaceAll("\u00a0", " ")).toBe(sentence);
    });

    test("it is in the language of the user, with his numbers", () => {
        expect(words("de").outcome(command())).toBe("erfolgreich nach 3,2\u00a0s");
    });
});

describe("what was seen in the house", () => {
    test.each([
        ["success", "seen", null, "What was expected was seen."],
        ["success", "none", null, "Nothing could be seen of it."],
        ["success", null, null, ""],
        ["sent", "awaited", null, "What is expected was not seen yet."],
        ["timeout", "missing", null, "What was expected was not seen."],
        ["lost", "missing", "no_answer", "What was expected was not seen."],
        ["timeout", "missing", "not_seen; the target was offline", ""],
        ["failure", "missing", "device offline", ""],
        ["failure", "none", "Not allowed", ""],
        ["cancelled", "missing", null, ""],
        ["failure", "seen", "device offline", "What was expected was seen."],
    ] as const)("%s, %s, %s", (state, evidence, reason, told) => {
        expect(words().seen(command({ state, evidence, reason }))).toBe(told);
    });
});

describe("who asked", () => {
    const asked = (source: string | null, user_id: string | null = null): string => {
        const states = {
            "automation.evening": { attributes: { friendly_name: "Pump in the evening" } },
            "person.anna": { attributes: { friendly_name: "Anna", user_id: "u1" } },
        };
        return words("en", { states }).askedBy(command({ asked_by: { user_id, source } }));
    };

    test.each([
        ["automation.evening", null, "asked by the automation “Pump in the evening”"],
        ["script.gone", null, "asked by the script “script.gone”"],
        ["voice", null, "asked by voice"],
        ["user", "u2", "asked by a user"],
        ["user", "u1", "asked by Anna"],
        [null, null, "asked"],
    ])("%s, %s", (source, user, sentence) => {
        expect(asked(source, user)).toBe(sentence);
    });

    test("an older record does not say", () => {
        expect(words().askedBy(command())).toBe("asked");
    });
});

describe("texts", () => {
    const folder = new URL("../src/", import.meta.url);
    const source = readdirSync(folder)
        .map((name) => readFileSync(new URL(name, folder), "utf8"))
        .join("\n");
    const keys = (tree: object, path = ""): string[] =>
        Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
            typeof value === "string" ? [path + key] : keys(value as object, `${path}${key}.`),
        );
    const known = keys(texts("en").config_panel as object);

    test("every text that is named in the source exists", () => {
        const named = [...source.matchAll(/(?:say|count)\(\s*(?:[^()"`]*\? )?"([\w.]+)"/g)].map(
            ([, key]) => key,
        );
        expect(named.length).toBeGreaterThan(40);
        expect(named.filter((key) => !known.includes(key ?? ""))).toEqual([]);
    });

    test("no text is left that nothing shows", () => {
        // Those of the server's own sentences, and those whose names are put together.
        const elsewhere =
            /^(decimal|message\.|reason\.|outcome\.|evidence\.|count\.|view\.|filter\.)/;
        const again = /^(again|forget|cancel|automate)\./;
        const unused = known.filter(
            (key) => !elsewhere.test(key) && !again.test(key) && !source.includes(`"${key}"`),
        );
        expect(unused.filter((key) => !key.startsWith("card."))).toEqual([]);
    });
});
