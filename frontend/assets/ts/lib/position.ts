// Positions of a shift: taken while a page is open, kept in IndexedDB, sent in batches, sent again until they arrive.
// A point keeps the id made here, so that sending it twice stores it once, and the key of the person it belongs to, so
// that it is never sent as another's who uses the same device later.

type Point = { id: string; key: string; at: number; lon: number; lat: number; accuracy: number; source: string };
type Receipt = { stored: number; duplicates: number; refused: { id: string; reason: string }[] };
export type State = {
  waiting: number;
  sentAt: number | null;
  accuracy: number | null;
  trouble: "" | "denied" | "none" | "key";
};

const KEY = "shift-key";
const PERSON = "shift-person";
const WAITING = "shift-waiting"; // how many points are kept, readable without opening the database
const STORE = "points";
const BATCH = 100;
const EVERY_MS = 15_000; // one point in 15 s…
const MOVED_M = 40; // …or sooner after 40 m
const SEND_MS = 30_000;

export const state: State = { waiting: 0, sentAt: null, accuracy: null, trouble: "" };
let database: Promise<IDBDatabase> | null = null;
let last: { at: number; lon: number; lat: number } | null = null;
let watching: number | null = null;
let sending = false;
let delivering = false;
let quietUntil = 0;

export function deviceId(): string {
  const known = localStorage.getItem("device-id");
  if (known) return known;
  const made = crypto.randomUUID();
  localStorage.setItem("device-id", made);
  return made;
}

/** Starts the taking for this person (their id in the page's frame). */
export function track(key: string, person: string): void {
  localStorage.setItem(KEY, key);
  localStorage.setItem(PERSON, person);
  goOn(person);
}

/** Goes on with a shift that was started on another page, only for the person who started it. */
export function goOn(person: string): void {
  if (watching !== null || !keptKey() || localStorage.getItem(PERSON) !== person) return;
  if (!("geolocation" in navigator)) {
    tell({ trouble: "none" });
    return;
  }
  watching = navigator.geolocation.watchPosition(
    (found) => void take(found),
    (error) => tell({ trouble: error.code === error.PERMISSION_DENIED ? "denied" : "none" }),
    { enableHighAccuracy: true, maximumAge: 10_000, timeout: 60_000 },
  );
  deliver();
}

/** Sends what is kept, also of a shift that has ended meanwhile. Each point carries its own key. */
export function deliver(): void {
  if (!delivering) {
    delivering = true;
    setInterval(() => void send(), SEND_MS);
    window.addEventListener("online", () => void send());
    document.addEventListener("visibilitychange", () => void send());
  }
  void send();
}

/** The shift is over: no new points; those that are kept are still sent, now or from a later page. */
export function stop(): void {
  if (watching !== null) navigator.geolocation.clearWatch(watching);
  watching = null;
  void send().then(() => {
    localStorage.removeItem(KEY);
  });
}

export const keptKey = (): string | null => localStorage.getItem(KEY);

async function take(found: GeolocationPosition): Promise<void> {
  const { longitude: lon, latitude: lat, accuracy } = found.coords;
  const at = found.timestamp;
  tell({ accuracy, trouble: "" });
  if (last && at - last.at < EVERY_MS && metres(last, { lon, lat }) < MOVED_M) return;
  last = { at, lon, lat };
  const key = keptKey();
  if (!key) return;
  await keep({ id: crypto.randomUUID(), key, at, lon, lat, accuracy, source: accuracy > 100 ? "network" : "gps" });
  tell({ waiting: await count() });
}

async function send(): Promise<void> {
  if (sending || !navigator.onLine || Date.now() < quietUntil) return;
  sending = true;
  try {
    for (let points = await oldest(); points.length > 0; points = await oldest()) {
      const key = points[0]?.key ?? "";
      const own = points.filter((point) => point.key === key);
      if (!(await sendBatch(key, own))) break;
    }
  } catch {
    // no network after all: the points stay, the next round sends them
  } finally {
    sending = false;
    tell({ waiting: await count() });
  }
}

async function sendBatch(key: string, points: Point[]): Promise<boolean> {
  const answer = await fetch("/api/v1/pings", {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Ping ${key}` },
    body: JSON.stringify({ sent_at: Date.now(), points: points.map(({ key: _key, ...point }) => point) }),
    keepalive: points.length < 200,
    credentials: "omit",
  });
  if (answer.status === 429) {
    quietUntil = Date.now() + 60_000;
    return false;
  }
  if (answer.status === 401) {
    await forget(points.map((point) => point.id)); // the key has run out after three days: they are too old anyway
    tell({ trouble: "key" });
    return true;
  }
  if (answer.status >= 500 || answer.status === 408) return false;
  const receipt = answer.ok ? ((await answer.json()) as Receipt) : null;
  const later = new Set(receipt?.refused.filter((point) => point.reason === "flood").map((point) => point.id));
  await forget(points.filter((point) => !later.has(point.id)).map((point) => point.id));
  if (receipt) tell({ sentAt: Date.now() });
  return later.size === 0;
}

function tell(change: Partial<State>): void {
  Object.assign(state, change);
  if (change.waiting !== undefined) localStorage.setItem(WAITING, String(change.waiting));
  document.dispatchEvent(new CustomEvent("shift:state", { detail: state }));
}

function metres(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const east = (b.lon - a.lon) * 111_320 * Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(east, (b.lat - a.lat) * 111_320);
}

function open(): Promise<IDBDatabase> {
  database ??= new Promise((done, fail) => {
    const request = indexedDB.open("shift", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" }).createIndex("at", "at");
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  return database;
}

async function run<Result>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<Result> | null,
): Promise<Result | undefined> {
  const transaction = (await open()).transaction(STORE, mode);
  const request = act(transaction.objectStore(STORE));
  return new Promise((done, fail) => {
    transaction.oncomplete = () => done(request?.result);
    transaction.onerror = () => fail(transaction.error);
  });
}

const keep = (point: Point) => run("readwrite", (store) => store.put(point));
const count = async () => (await run("readonly", (store) => store.count())) ?? 0;
const oldest = async () => ((await run("readonly", (store) => store.index("at").getAll(null, BATCH))) as Point[]) ?? [];
const forget = (ids: string[]) =>
  run("readwrite", (store) => {
    for (const id of ids) store.delete(id);
    return null;
  });
