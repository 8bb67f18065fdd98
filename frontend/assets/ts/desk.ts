// Keys of the desk: an element with data-key="a" is clicked (a field is focused) when A is pressed outside of fields.
// The page shows its keys itself and works without this file.
const isField = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches("input:not([type=radio], [type=checkbox]), textarea, select");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape" && isField(event.target)) (event.target as HTMLElement).blur();
  if (isField(event.target)) return;
  const chosen = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!chosen) return;
  event.preventDefault();
  if (chosen.matches("textarea, select, input:not([type=radio], [type=checkbox])")) chosen.focus();
  else chosen.click();
});
