// The page of the shift: gives the form this device's id, starts and stops the taking of positions, shows its state.
import { onEach } from "./lib/dom";
import { deviceId, keptKey, type State, state, stop, track } from "./lib/position";

onEach("form[data-start]", (form) => {
  const field = form.querySelector<HTMLInputElement>("[name=device_id]");
  if (field) field.value = deviceId();
  if (keptKey()) stop();
});

onEach("[data-shift]", (box) => {
  const words = document.querySelector<HTMLElement>("[data-words]")?.dataset ?? {};
  const place = box.querySelector("[data-shift-state]");
  const waiting = box.querySelector("[data-shift-waiting]");
  const sent = box.querySelector("[data-shift-sent]");
  const show = (now: State) => {
    if (now.trouble && place) place.textContent = words[now.trouble] ?? "";
    else if (now.accuracy !== null && place) {
      place.textContent = (words.good ?? "").replace("{metres}", String(Math.round(now.accuracy)));
    }
    if (waiting) waiting.textContent = String(now.waiting);
    if (now.sentAt && sent) {
      sent.textContent = new Date(now.sentAt).toLocaleTimeString(document.documentElement.lang, {
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
      });
    }
  };
  if (box.dataset.device !== deviceId()) {
    if (place) place.textContent = words.other ?? "";
    return;
  }
  document.addEventListener("shift:state", (event) => show((event as CustomEvent<State>).detail));
  track(box.dataset.shift ?? "", document.body.dataset.executor ?? "");
  show(state);
});
