// What a person has typed survives a closed tab: forms marked data-keep="name" are kept on this device until sent.
import { onEach } from "./dom";

const AGE = 7 * 24 * 3600 * 1000;
const secret = new Set(["csrfmiddlewaretoken", "code", "password"]);

type Kept = { at: number; values: Record<string, string> };

function keyOf(form: HTMLFormElement): string {
  return `draft:${form.dataset.keep}`;
}

function restore(form: HTMLFormElement): void {
  const raw = localStorage.getItem(keyOf(form));
  if (!raw) return;
  const kept = JSON.parse(raw) as Kept;
  if (Date.now() - kept.at > AGE) {
    localStorage.removeItem(keyOf(form));
    return;
  }
  for (const [name, value] of Object.entries(kept.values)) {
    const field = form.elements.namedItem(name);
    const plain = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;
    if (plain && !field.value && !["checkbox", "radio", "file", "hidden"].includes(field.type)) field.value = value;
  }
}

function keep(form: HTMLFormElement): void {
  const values: Record<string, string> = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value && !secret.has(name)) values[name] = value;
  }
  localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values } satisfies Kept));
}

export function keepDrafts(): void {
  onEach("form[data-keep]", (element) => {
    const form = element as HTMLFormElement;
    try {
      restore(form);
    } catch {
      return; // storage is closed (private window): the form works without it
    }
    let timer = 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => keep(form), 400);
    });
    form.addEventListener("submit", () => {
      if (navigator.onLine) localStorage.removeItem(keyOf(form));
    });
  });
}
