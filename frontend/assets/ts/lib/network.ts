/** Marks the page while there is no network: the line under the bar says that what is written is kept. */
export function watchNetwork(): void {
  const show = () => document.documentElement.classList.toggle("is-offline", !navigator.onLine);
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}
