/** Calls `set` once for every element that matches, now and after each htmx swap. */
export function onEach(selector: string, set: (element: HTMLElement) => void): void {
  const seen = new WeakSet<Element>();
  const run = (root: ParentNode) => {
    const found = [...root.querySelectorAll<HTMLElement>(selector)];
    if (root instanceof HTMLElement && root.matches(selector)) found.push(root);
    for (const element of found) {
      if (seen.has(element)) continue;
      seen.add(element);
      set(element);
    }
  };
  const start = () => run(document);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  document.addEventListener("htmx:load", (event) => run((event as CustomEvent<{ elt: HTMLElement }>).detail.elt));
}

/** The page's one CSRF token, for fetch. */
export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

/** An icon of the sprite. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}
