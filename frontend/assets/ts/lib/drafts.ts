// What a person has typed survives a closed tab and a lost network: forms marked data-keep="name" are kept on this device, for
// this person, until the page that follows the sending has come.
import { onEach } from "./dom";
import { person } from "./person";

const AGE = 7 * 24 * 3600 * 1000;
const SENT = "drafts-sent"; // of this tab: on their way, not yet answered
const secret = new Set(["csrfmiddlewaretoken", "code", "password"]);

type Kept = { at: number; values: Record<string, string> };

const keyOf = (name: string): string => `draft:${person()}:${name}`;

const nameOf = (form: HTMLFormElement): string => form.dataset.keep ?? "";

export function forgetDraft(name: string): void {
  localStorage.removeItem(keyOf(name));
}

/** A page has come after the sending. Where the very form is again, without a word of success, the person came back to it. */
function forgetSent(): void {
  if (document.querySelector("[data-no-network]")) return;
  const done = document.querySelector(".messages .note--good") !== null;
  for (const name of JSON.parse(sessionStorage.getItem(SENT) ?? "[]") as string[]) {
    if (done || !document.querySelector(`form[data-keep="${name}"]`)) forgetDraft(name);
  }
  sessionStorage.removeItem(SENT);
}

function markSent(name: string): void {
  const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "[]") as string[];
  sessionStorage.setItem(SENT, JSON.stringify([...sent, name]));
}

function restore(form: HTMLFormElement): void {
  const key = keyOf(nameOf(form));
  const raw = localStorage.getItem(key);
  if (!raw) return;
  const kept = JSON.parse(raw) as Kept;
  if (Date.now() - kept.at > AGE) {
    localStorage.removeItem(key);
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
  localStorage.setItem(keyOf(nameOf(form)), JSON.stringify({ at: Date.now(), values } satisfies Kept));
}

export function keepDrafts(): void {
  try {
    forgetSent();
  } catch {
    return; // storage is closed (private window): forms work without it
  }
  onEach("form[data-keep]", (element) => {
    const form = element as HTMLFormElement;
    restore(form);
    let timer = 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => keep(form), 400);
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      keep(form);
      markSent(nameOf(form));
    });
  });
}
