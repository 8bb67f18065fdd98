// The service worker: static files from the cache, pages from the network, an offline page when there is none.
// Pages are never cached: they are somebody's.
/// <reference lib="webworker" />
const worker = self as unknown as ServiceWorkerGlobalScope;

declare const BUILD: string;
const STATIC = `static-${BUILD}`; // a release with other files has another cache, and the old one goes
const OFFLINE = ["/offline/", "/en/offline/"];

/** The offline page in both languages, as a stranger sees it, with the styles and pictures it names. */
async function keepOffline(): Promise<void> {
  const cache = await caches.open(STATIC);
  const named = new Set<string>();
  for (const address of OFFLINE) {
    const answer = await fetch(new Request(address, { credentials: "omit" }));
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, answer.clone());
    for (const [asset] of (await answer.text()).matchAll(/\/static\/[^"'#\s]+/g)) named.add(asset);
  }
  await Promise.allSettled([...named].map((asset) => cache.add(asset)));
}

worker.addEventListener("install", (event) => {
  event.waitUntil(keepOffline().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== STATIC).map((name) => caches.delete(name))))
      .then(() => worker.clients.claim()),
  );
});

// A file whose name carries its content's hash never changes; any other is asked anew, the cache is for offline.
const HASHED = /\.[0-9a-f]{12}\.|\/chunks\/|\.woff2$/;

async function fromCacheFirst(request: Request): Promise<Response> {
  const cache = await caches.open(STATIC);
  const kept = await cache.match(request);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await cache.put(request, fresh.clone());
  return fresh;
}

async function fromNetworkFirst(request: Request): Promise<Response> {
  const cache = await caches.open(STATIC);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await cache.put(request, fresh.clone());
    return fresh;
  } catch (error) {
    const kept = await cache.match(request);
    if (kept) return kept;
    throw error;
  }
}

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    const english = new URL(request.url).pathname.startsWith("/en/");
    const kept = await caches.match(english ? "/en/offline/" : "/offline/");
    return kept ?? Response.error();
  }
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (address.pathname.startsWith("/static/")) {
    event.respondWith(HASHED.test(address.pathname) ? fromCacheFirst(request) : fromNetworkFirst(request));
  }
});
