// Small manners of a page: menus close, dialogs trap nothing, "back" goes back, errors get the focus.
import { onEach } from "./dom";

export function installMenus(): void {
  onEach("details[data-menu]", (menu) => {
    document.addEventListener("click", (event) => {
      if (!menu.contains(event.target as Node)) menu.removeAttribute("open");
    });
    closeOnEscape(menu as HTMLDetailsElement);
  });
}

// Where an opened dialog has the focus: at what was refused, else at its first field.
const REFUSED = '[data-error-summary], .field--error :is(input:not([type="hidden"]), textarea, select)';
const FIELD = 'input:not([type="hidden"]), textarea, select';

export function installDialogs(): void {
  onEach("details[data-dialog]", (dialog) => {
    const details = dialog as HTMLDetailsElement;
    const box = details.querySelector<HTMLElement>(".dialog__box");
    if (!box) return;
    box.tabIndex = -1;
    const enter = () => {
      if (details.open)
        (box.querySelector<HTMLElement>(REFUSED) ?? box.querySelector<HTMLElement>(FIELD) ?? box).focus();
    };
    details.addEventListener("toggle", enter);
    enter();
    for (const close of box.querySelectorAll("[data-close]")) {
      close.addEventListener("click", () => details.removeAttribute("open"));
    }
    closeOnEscape(details);
  });
}

function closeOnEscape(details: HTMLDetailsElement): void {
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.removeAttribute("open");
    details.querySelector("summary")?.focus();
  });
}

/** A back link uses the browser's history when the previous page is ours: scroll place and filters come back. */
export function installBack(): void {
  onEach("a[data-back]", (link) => {
    link.addEventListener("click", (event) => {
      const from = document.referrer ? new URL(document.referrer) : null;
      const target = new URL((link as HTMLAnchorElement).href);
      if (from?.origin === location.origin && from.pathname === target.pathname && history.length > 1) {
        event.preventDefault();
        history.back();
      }
    });
  });
  onEach("[data-reload]", (link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      location.reload();
    });
  });
}

/** After a refused form the summary has the focus, as a screen reader and a keyboard expect. */
export function installSummaries(): void {
  onEach("[data-error-summary]", (summary) => summary.focus());
  onEach("form", (form) => {
    form.addEventListener("submit", () => {
      form.setAttribute("data-busy", "");
      setTimeout(() => form.removeAttribute("data-busy"), 4000);
    });
  });
}
