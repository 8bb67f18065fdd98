// Makes the icon sprite: our names (icons.json) → symbols of one set (Tabler, MIT), one file for every page.
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));

/** Writes icons.svg into `outdir`; an unknown icon name stops the build. */
export async function buildIcons(outdir) {
  const names = JSON.parse(await readFile(path.join(here, "icons.json"), "utf8"));
  const set = createRequire(import.meta.url)("@iconify-json/tabler/icons.json");
  const symbols = Object.entries(names).map(([ours, theirs]) => {
    const icon = set.icons[theirs] ?? set.icons[set.aliases?.[theirs]?.parent];
    if (!icon) throw new Error(`icons.json: the set has no icon "${theirs}" (for "${ours}")`);
    // Weight and filling come from the page's styles, so that a star can be filled by a choice.
    const body = icon.body.replaceAll('stroke-width="2"', "").replaceAll('fill="none"', "");
    return `<symbol id="${ours}" viewBox="0 0 24 24">${body}</symbol>`;
  });
  await writeFile(
    path.join(outdir, "icons.svg"),
    `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`,
  );
}
