// A conversation: new messages appear by themselves, what is written offline waits and is sent once.
import { csrfToken, onEach } from "./lib/dom";
import { follow } from "./lib/live";
import { person } from "./lib/person";

type Waiting = { clientId: string; text: string };

onEach("[data-chat]", (chat) => {
  const list = chat.querySelector<HTMLOListElement>(".messages-list");
  const form = document.querySelector<HTMLFormElement>("[data-chat-form]");
  if (!list) return;
  const topic = `thread:${chat.dataset.chat}`;
  const key = `outbox:${person()}:${topic}`;

  const refresh = async () => {
    const last = lastId(list);
    const answer = await fetch(`${chat.dataset.newer}?after=${last}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    const part = document.createElement("template");
    part.innerHTML = await answer.text();
    for (const item of part.content.querySelectorAll<HTMLElement>("li[data-id]")) {
      if (!list.querySelector(`li[data-id="${item.dataset.id}"]`)) list.append(item);
    }
    document.querySelector(".chat__empty")?.remove();
    toEnd();
  };
  const toEnd = () => window.scrollTo({ top: document.body.scrollHeight });

  const stored = (): Waiting[] => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "[]") as Waiting[];
    } catch {
      return [];
    }
  };
  const store = (waiting: Waiting[]) => {
    try {
      localStorage.setItem(key, JSON.stringify(waiting));
    } catch {
      // storage is closed (private window): the message still goes out at once
    }
  };

  let sending = false;
  const flush = async () => {
    if (sending || !form) return;
    sending = true;
    try {
      for (const waiting of stored()) {
        const refusal = await send(form, waiting);
        store(stored().filter((other) => other.clientId !== waiting.clientId));
        list.querySelector(`[data-waiting-id="${waiting.clientId}"]`)?.remove();
        tell(refusal);
      }
      await refresh();
    } catch {
      // no network: kept, and tried again
    } finally {
      sending = false;
    }
  };

  const showWaiting = (waiting: Waiting) => {
    const item = document.createElement("li");
    item.className = "message message--own message--waiting";
    item.dataset.waitingId = waiting.clientId;
    const text = document.createElement("p");
    text.className = "message__text prose";
    text.textContent = waiting.text;
    const note = document.createElement("p");
    note.className = "message__when";
    note.textContent = chat.dataset.waiting ?? "";
    item.append(text, note);
    list.append(item);
    toEnd();
  };

  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = form.elements.namedItem("text") as HTMLTextAreaElement;
    const text = field.value.trim();
    if (!text) return;
    const waiting = { clientId: crypto.randomUUID(), text };
    store([...stored(), waiting]);
    showWaiting(waiting);
    field.value = "";
    void flush();
  });
  form?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });

  for (const waiting of stored()) showWaiting(waiting);
  window.addEventListener("online", () => void flush());
  window.setInterval(() => stored().length && void flush(), 15_000);
  follow(
    topic,
    Number(chat.dataset.sequence),
    () => void refresh(),
    () => void refresh(),
  );
  void flush();
  toEnd();
});

function lastId(list: HTMLElement): string {
  const ids = [...list.querySelectorAll<HTMLElement>("li[data-id]")].map((item) => Number(item.dataset.id));
  return String(Math.max(0, ...ids));
}

/** Sends one message; gives the sentence of a refusal, or nothing. Throws without a network or when the server fails. */
async function send(form: HTMLFormElement, waiting: Waiting): Promise<string> {
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
    body: new URLSearchParams({ text: waiting.text, client_id: waiting.clientId }),
  });
  if (answer.status >= 500) throw new Error("server");
  return answer.ok ? "" : await answer.text();
}

function tell(refusal: string): void {
  const line = document.getElementById("chat-error");
  if (!line) return;
  line.textContent = refusal;
  line.hidden = !refusal;
}
