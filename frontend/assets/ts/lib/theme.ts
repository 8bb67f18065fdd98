import { onEach } from "./dom";

/** The theme changes at once; the form's own address keeps it for the next page. */
export function installTheme(): void {
  onEach("form[data-theme-form]", (form) => {
    form.addEventListener("submit", (event) => {
      const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
      if (!button) return;
      event.preventDefault();
      const body = new FormData(form as HTMLFormElement, button);
      if (button.value) document.documentElement.dataset.theme = button.value;
      else delete document.documentElement.dataset.theme;
      for (const other of form.querySelectorAll<HTMLButtonElement>("button[name=theme]")) {
        other.setAttribute("aria-pressed", String(other === button));
      }
      form.removeAttribute("data-busy");
      void fetch((form as HTMLFormElement).action, { method: "POST", body, redirect: "manual" });
    });
  });
}
