// Builds the pages' styles and TypeScript into frontend/static/build/.
//
//   node ops/build-assets.mjs [--watch] [--out DIR]
//
// Entries: frontend/assets/styles/*.css and frontend/assets/ts/*.ts (files in sub-folders are parts, not entries).
// The icon sprite is made by frontend/assets/icons/build.mjs.
// Entry names stay as they are (main.css, main.js): Django's manifest storage puts the content hash in.
// What an entry loads on demand (`await import("leaflet")`) becomes a file under chunks/ with its own hash.
// A service worker (sw.ts) and workers (*.worker.ts) become one classic script each, the last ones: they know the BUILD, a digest of
// all the rest.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { buildIcons } from "../frontend/assets/icons/build.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { values: options } = parseArgs({
  options: { watch: { type: "boolean", default: false }, out: { type: "string", default: "frontend/static/build" } },
});
const target = path.resolve(root, options.out);

async function entriesIn(folder, extension) {
  const names = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
  return names
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension) && !entry.name.endsWith(`.d${extension}`))
    .map((entry) => path.join(root, folder, entry.name))
    .sort();
}

const isWorker = (file) => /(^|[\\/])(sw|[^\\/]+\.worker)\.ts$/.test(file);

function settings(outdir) {
  return {
    bundle: true,
    minify: true,
    metafile: true,
    outdir,
    absWorkingDir: root,
    charset: "utf8",
    target: ["chrome109", "safari16", "firefox115"],
    legalComments: "none",
    logLevel: "warning",
    entryNames: "[name]",
    chunkNames: "chunks/[name]-[hash]",
    assetNames: "fonts/[name]",
    loader: { ".woff2": "file", ".svg": "file", ".png": "file", ".webp": "file", ".avif": "file" },
    nodePaths: [path.join(root, "node_modules")],
  };
}

async function builds(outdir) {
  const styles = await entriesIn("frontend/assets/styles", ".css");
  const scripts = await entriesIn("frontend/assets/ts", ".ts");
  const isMap = (file) => path.basename(file) === "map.css";
  return [
    { ...settings(outdir), entryPoints: styles.filter((f) => !isMap(f)) },
    { ...settings(outdir), entryPoints: styles.filter(isMap), assetNames: "map/[name]" }, // Leaflet's small pictures
    { ...settings(outdir), entryPoints: scripts.filter((f) => !isWorker(f)), format: "esm", splitting: true },
    { ...settings(outdir), entryPoints: scripts.filter(isWorker), format: "iife", define: { BUILD: '"watched"' } },
  ].filter((build) => build.entryPoints.length > 0);
}

async function report(outputs) {
  for (const file of outputs.sort()) {
    if (!/\.(css|js)$/.test(file)) continue;
    const content = await readFile(path.join(root, file));
    const squeezed = gzipSync(content, { level: 9 }).length;
    const name = path.basename(path.dirname(file)) === "chunks" ? `chunks/${path.basename(file)}` : path.basename(file);
    console.log(`${name.padEnd(36)} ${(squeezed / 1000).toFixed(1).padStart(7)} kB gzipped`);
  }
}

async function digest(outputs) {
  const hash = createHash("sha256");
  for (const file of outputs.sort()) hash.update(path.basename(file)).update(await readFile(path.join(root, file)));
  return hash.digest("hex").slice(0, 12);
}

async function buildOnce() {
  // Built beside the old folder and swapped at the end, so that running pages never meet half a build.
  const fresh = `${target}.new`;
  const old = `${target}.old`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  const outputs = [];
  for (const build of await builds(fresh)) {
    if (build.define) build.define = { BUILD: JSON.stringify(await digest(outputs)) };
    const result = await esbuild.build(build);
    outputs.push(...Object.keys(result.metafile.outputs));
  }
  await buildIcons(fresh);
  await report(outputs);
  await rm(old, { recursive: true, force: true });
  await rename(target, old).catch(() => {});
  await rename(fresh, target);
  await rm(old, { recursive: true, force: true });
}

if (options.watch) {
  await mkdir(target, { recursive: true });
  await buildIcons(target);
  for (const build of await builds(target)) {
    const context = await esbuild.context({ ...build, minify: false, sourcemap: "linked", logLevel: "info" });
    await context.watch();
  }
} else {
  await buildOnce().catch((error) => {
    if (!error.errors) console.error(error.message);
    process.exitCode = 1;
  });
}
