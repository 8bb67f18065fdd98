// What every page has: htmx, and small enhancements of plain links and forms. Everything works without this file.
import htmx from "htmx.org";
import { onEach } from "./lib/dom";
import { keepDrafts } from "./lib/drafts";
import { installLater } from "./lib/later";
import { watchNetwork } from "./lib/network";
import { installBack, installDialogs, installMenus, installSummaries } from "./lib/page";
import { installTheme } from "./lib/theme";
import { installWorker } from "./lib/worker";

document.documentElement.classList.replace("no-js", "js");

const token = () => document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  const detail = (event as CustomEvent<{ headers: Record<string, string>; verb: string }>).detail;
  if (detail.verb !== "get") detail.headers["X-CSRFToken"] = token();
});
// A refusal (409, 422…) comes as a page part with its sentence: show it like any other answer.
document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = (event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean; isError: boolean }>).detail;
  if (detail.xhr.status >= 400 && detail.xhr.status < 500 && detail.xhr.responseText) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

document.cookie = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone};path=/;max-age=31536000;samesite=lax`;

installMenus();
installDialogs();
installBack();
installSummaries();
installTheme();
keepDrafts();
installLater();
watchNetwork();
installWorker();

onEach("[data-map]", (box) => {
  const open = async () => (await import("./lib/map")).openMap(box);
  if (box.hasAttribute("data-open")) void open();
  else box.querySelector("[data-map-open]")?.addEventListener("click", () => void open(), { once: true });
});

// An executor on a shift: the taking of positions goes on from page to page, and the sending of what is kept after it.
const executor = document.body?.dataset.executor;
const waiting = Number(localStorage.getItem("shift-waiting"));
if (executor && (waiting || localStorage.getItem("shift-key"))) {
  void import("./lib/position").then(({ deliver, goOn }) => {
    goOn(executor);
    if (waiting) deliver();
  });
}

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}
window.htmx = htmx;
