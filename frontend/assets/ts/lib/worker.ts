/** The service worker keeps the styles, scripts and the offline page; never a page with somebody's data. */
export function installWorker(): void {
  const address = document.body.dataset.worker;
  if (!address || !("serviceWorker" in navigator)) return;
  window.addEventListener("load", () => {
    navigator.serviceWorker.register(address, { scope: "/" }).catch(() => undefined);
  });
}
