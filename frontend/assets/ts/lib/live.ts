// One socket to the live process. A topic is followed from the number its snapshot stands at; after a gap the page
// takes a new snapshot.
export type LiveEvent = { topic: string; sequence: number; kind: string; payload: Record<string, unknown> };
type Topic = { sequence: number; onEvent: (event: LiveEvent) => void; onGap: () => void };

const topics = new Map<string, Topic>();
let socket: WebSocket | null = null;
let pause = 1000;

/** Follow a topic from `sequence`; `onGap` when events were missed for good. */
export function follow(topic: string, sequence: number, onEvent: Topic["onEvent"], onGap: Topic["onGap"]): void {
  topics.set(topic, { sequence, onEvent, onGap });
  if (socket?.readyState === WebSocket.OPEN) ask(topic);
  else if (!socket) connect();
}

function ask(topic: string): void {
  socket?.send(JSON.stringify({ follow: topic, after: topics.get(topic)?.sequence ?? 0 }));
}

function connect(): void {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/ws/live/`);
  socket.addEventListener("open", () => {
    pause = 1000;
    for (const topic of topics.keys()) ask(topic);
  });
  socket.addEventListener("message", (message) => receive(JSON.parse(message.data as string)));
  socket.addEventListener("close", (closed) => {
    socket = null;
    if (closed.code >= 4400 && closed.code < 4500) return; // not allowed: asking again would not help
    window.setTimeout(connect, pause);
    pause = Math.min(pause * 2, 30_000);
  });
}

function receive(event: LiveEvent): void {
  const topic = topics.get(event.topic);
  if (!topic || event.sequence <= topic.sequence) return;
  const missed = event.kind === "gap" || event.sequence > topic.sequence + 1;
  topic.sequence = event.sequence;
  if (missed) topic.onGap();
  else topic.onEvent(event);
}
