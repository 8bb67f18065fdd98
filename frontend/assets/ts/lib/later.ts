// A form marked data-later may be sent without a network: it is kept on this device and posted when the network is back.
// The form carries its own operation key, so a second sending changes nothing on the server.
import { csrfToken, onEach } from "./dom";
import { toast } from "./toast";

const QUEUE = "later";

type Waiting = { action: string; fields: [string, string][]; at: number; draft: string };

function read(): Waiting[] {
  try {
    return JSON.parse(localStorage.getItem(QUEUE) ?? "[]") as Waiting[];
  } catch {
    return [];
  }
}

function write(waiting: Waiting[]): void {
  if (waiting.length) localStorage.setItem(QUEUE, JSON.stringify(waiting));
  else localStorage.removeItem(QUEUE);
}

function same(one: Waiting, other: Waiting): boolean {
  return one.action === other.action && one.at === other.at;
}

const words = (name: string) => document.body.dataset[name] ?? "";

function keep(form: HTMLFormElement): void {
  const fields = [...new FormData(form)].filter(
    (field): field is [string, string] => typeof field[1] === "string" && field[0] !== "csrfmiddlewaretoken",
  );
  const fresh: Waiting = {
    action: form.action || location.href,
    fields,
    at: Date.now(),
    draft: form.dataset.keep ?? "",
  };
  write([...read().filter((one) => one.action !== fresh.action), fresh]);
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
    localStorage.removeItem(`draft:${one.draft}`);
    toast(words("textSent"), 8);
  } else toast(words("textRefused"), 12);
  return true;
}

async function sendAll(): Promise<void> {
  for (const one of read()) {
    try {
      if (await send(one)) write(read().filter((other) => !same(one, other)));
    } catch {
      return; // the network went again
    }
  }
}

function sendAlone(): void {
  if (!navigator.onLine || read().length === 0) return;
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
