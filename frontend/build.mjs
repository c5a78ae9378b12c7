// Build panel and card into the integration, or into the folder that is named.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const target = path.resolve(
    process.argv[2] ?? path.join(here, "../custom_components/command_status/panel/files"),
);

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });

const common = {
    absWorkingDir: here,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    charset: "utf8",
};

await build({
    ...common,
    entryPoints: ["src/panel.ts", "src/card.ts"],
    outdir: target,
    splitting: true,
    chunkNames: "[name]-[hash]",
});

// The loader is on every page of every user: it stays tiny, and names the card by its content.
const card = await readFile(path.join(target, "card.js"));
const version = createHash("sha256").update(card).digest("hex").slice(0, 8);
await build({
    ...common,
    entryPoints: ["src/loader.ts"],
    outdir: target,
    define: { CARD: JSON.stringify(`./card.js?v=${version}`) },
    external: ["./card.js*"],
});

// What is bundled is under licences whose notices must travel with it.
const notices = [];
for (const name of ["lit", "lit-html", "lit-element", "@lit/reactive-element", "@mdi/js"]) {
    const folder = path.join(here, "node_modules", name);
    const { version: of } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
    const text = file ? await readFile(path.join(folder, file), "utf8") : "";
    notices.push(`${name} ${of}\n\n${text.replaceAll("\r\n", "\n").trim()}\n`);
}
await writeFile(path.join(target, "LICENSES.txt"), notices.join(`\n${"-".repeat(80)}\n\n`));
