/** A short sentence at the bottom of the screen; it goes by itself, a screen reader says it. */
export function toast(text: string, seconds = 5): void {
  const place = document.querySelector(".toasts");
  if (!place) return;
  const note = document.createElement("div");
  note.className = "toast";
  note.textContent = text;
  place.append(note);
  setTimeout(() => note.remove(), seconds * 1000);
}
