import { installTrack } from "./lib/track";
import { installZoom } from "./lib/zoom";

// Keys of the desk: an element with data-key="a" is clicked (a field is focused) when A is pressed outside of fields.
// While a dialog is open only its own keys count. The page shows its keys itself and works without this file.
const WRITTEN_IN = "input:not([type=radio], [type=checkbox], [type=range]), textarea, select";
const isField = (target: EventTarget | null) => target instanceof HTMLElement && target.matches(WRITTEN_IN);

// Letters of a Russian layout, where the same keys are pressed; and + without Shift.
const RUSSIAN: Record<string, string> = {
  о: "j",
  л: "k",
  ы: "s",
  е: "t",
  т: "n",
  ф: "a",
  ц: "w",
  з: "p",
  х: "[",
  ъ: "]",
  "/": "?",
  "=": "+",
  _: "-",
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target instanceof HTMLTextAreaElement) {
    event.preventDefault();
    event.target.form?.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape" && isField(event.target)) (event.target as HTMLElement).blur();
  if (isField(event.target)) return;
  const key = event.key.toLowerCase();
  const keys = [key, RUSSIAN[key] ?? key];
  const dialog = document.querySelector("details[data-dialog][open] .dialog__box");
  const chosen = [...document.querySelectorAll<HTMLElement>("[data-key]")].find(
    (element) => keys.includes(element.dataset.key ?? "") && element.closest(".dialog__box") === dialog,
  );
  if (chosen) {
    event.preventDefault();
    if (chosen.matches(WRITTEN_IN)) chosen.focus();
    else choose(chosen);
  } else if (!dialog && (keys.includes("[") || keys.includes("]"))) {
    document.dispatchEvent(new CustomEvent("track:step", { detail: keys.includes("]") ? 1 : -1 }));
  }
});

function choose(element: HTMLElement): void {
  element.click();
  if (element.matches("input")) element.focus(); // so that Enter sends its form
}

installTrack();
installZoom();
