import { onEach } from "./lib/dom";

// Keys of the desk: an element with data-key="a" is clicked (a field is focused) when A is pressed outside of fields.
// The page shows its keys itself and works without this file.
const isField = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches("input:not([type=radio], [type=checkbox]), textarea, select");

// Letters of a Russian layout, where the same keys are pressed.
const RUSSIAN: Record<string, string> = { о: "j", л: "k", ы: "s", е: "t", т: "n", ф: "a", ц: "w", "/": "?" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape" && isField(event.target)) (event.target as HTMLElement).blur();
  if (isField(event.target)) return;
  const key = event.key.toLowerCase();
  const chosen =
    document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ??
    document.querySelector<HTMLElement>(`[data-key="${CSS.escape(RUSSIAN[key] ?? key)}"]`);
  if (!chosen) return;
  event.preventDefault();
  if (chosen.matches("textarea, select, input:not([type=radio], [type=checkbox])")) chosen.focus();
  else chosen.click();
});

// Time moved over a case's track: positions after the slider's moment are hidden.
onEach("[data-time]", (box) => {
  const slider = box.querySelector<HTMLInputElement>("input[type=range]");
  const shown = box.querySelector("[data-time-now]");
  if (!slider || !shown) return;
  const marks = [...document.querySelectorAll<SVGElement>(".track [data-at]")];
  const format = new Intl.DateTimeFormat(document.documentElement.lang, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: slider.dataset.zone ?? "UTC",
  });
  const move = () => {
    const until = Number(slider.value);
    shown.textContent = format.format(new Date(until * 1000));
    for (const mark of marks) mark.classList.toggle("track-later", Number(mark.dataset.at) > until);
  };
  slider.addEventListener("input", move);
  move();
});
