// A form marked data-later may be sent without a network: it is kept on this device and posted when the network is back.
// The form carries its own operation key, so a second sending changes nothing on the server. It is sent only as the
// person who wrote it: somebody else who signs in on this device neither sends nor pays for it.
import { csrfToken, onEach } from "./dom";
import { forgetDraft } from "./drafts";
import { person } from "./person";
import { toast } from "./toast";

const QUEUE = "later";
const AGE = 7 * 24 * 3600 * 1000; // an answer of last week is no answer any more

type Waiting = { person: string; action: string; fields: [string, string][]; at: number; draft: string };

function read(): Waiting[] {
  try {
    const waiting = JSON.parse(localStorage.getItem(QUEUE) ?? "[]") as Waiting[];
    return waiting.filter((one) => Date.now() - one.at < AGE);
  } catch {
    return [];
  }
}

function write(waiting: Waiting[]): void {
  if (waiting.length) localStorage.setItem(QUEUE, JSON.stringify(waiting));
  else localStorage.removeItem(QUEUE);
}

const own = (): Waiting[] => read().filter((one) => one.person === person());

function same(one: Waiting, other: Waiting): boolean {
  return one.person === other.person && one.action === other.action && one.at === other.at;
}

const words = (name: string) => document.body.dataset[name] ?? "";

function keep(form: HTMLFormElement): void {
  const fields = [...new FormData(form)].filter(
    (field): field is [string, string] => typeof field[1] === "string" && field[0] !== "csrfmiddlewaretoken",
  );
  const fresh: Waiting = {
    person: person(),
    action: form.action || location.href,
    fields,
    at: Date.now(),
    draft: form.dataset.keep ?? "",
  };
  write([...read().filter((one) => one.person !== fresh.person || one.action !== fresh.action), fresh]);
  toast(words("textKept"), 8);
}

/** Whether the server answered for good; a lost connection or a log-in page leaves the form waiting. */
async function send(one: Waiting): Promise<boolean> {
  const body = new URLSearchParams(one.fields);
  const headers = { "X-CSRFToken": csrfToken() };
  const answer = await fetch(one.action, { method: "POST", body, headers, credentials: "same-origin" });
  if (answer.status >= 500 || answer.status === 403 || new URL(answer.url).pathname.includes("/account/login/")) {
    return false;
  }
  if (answer.ok && answer.redirected) {
    forgetDraft(one.draft);
    toast(words("textSent"), 8);
  } else toast(words("textRefused"), 12);
  return true;
}

async function sendAll(): Promise<void> {
  for (const one of own()) {
    try {
      if (await send(one)) write(read().filter((other) => !same(one, other)));
    } catch {
      return; // the network went again
    }
  }
}

function sendAlone(): void {
  if (!navigator.onLine || own().length === 0) return;
  if ("locks" in navigator) void navigator.locks.request(QUEUE, sendAll);
  else void sendAll();
}

export function installLater(): void {
  onEach("form[data-later]", (element) => {
    const form = element as HTMLFormElement;
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) return;
      event.preventDefault();
      form.removeAttribute("data-busy");
      keep(form);
    });
  });
  window.addEventListener("online", sendAlone);
  sendAlone();
}
