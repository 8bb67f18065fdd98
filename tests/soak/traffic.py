"""What people do during a soak, over HTTP only. Each wish is repeated with its own key until somebody gives a definite answer."""

import http.client
import itertools
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from tests.simulator import Simulator
from tests.soak.stories import DealStory, Story, SubscriptionStory
from tests.soak.world import SESSION

PATIENCE = 90.0  # seconds until a wish without a definite answer is left open
TOP_UP_MINOR = 50_000
# Steps on the way that move no money by themselves: acknowledged, they are not counted as operations.
STEPS = ("start", "finish", "offer_part", "dispute", "card_breaks", "failed_renewal", "month_after_end", "month_paused")
# Without a key of its own: asked again after a lost answer it is refused, and only the rows tell.
UNKEYED = (
    "cancel", "start", "finish", "accept", "cancel_deal", "dispute", "divide", "end_subscription", "refund_month", "pause", "resume",
)  # fmt: skip
CSRF = "c" * 32


@dataclass
class Wish:
    """One thing that one person wants once. `outcome`: done (acknowledged), refused (a definite no) or open."""

    number: int
    kind: str
    person: int
    token: str
    method: str
    path: str
    body: dict[str, Any]
    key: str
    subject: int
    outcome: str = "open"
    status: int = 0
    code: str = ""
    answer_id: int = 0
    attempts: int = 0


class Plan:
    """An endless, seeded row of wishes: no executor responds to one task twice, so every response is its own operation."""

    def __init__(self, world: dict[str, Any], seed: int) -> None:
        self._chance = random.Random(seed)
        self._executors, self._tasks = world["executors"], world["tasks"]
        pairs = [(e, t) for t in range(len(self._tasks)) for e in range(len(self._executors))]
        # Tasks are answered one after another, each by as many as it takes, in an order nobody chose.
        order = list(range(len(self._tasks)))
        self._chance.shuffle(order)
        place = {task: index for index, task in enumerate(order)}
        self._pairs = sorted(pairs, key=lambda pair: (place[pair[1]], self._chance.random()))
        self._taken: Counter[int] = Counter()
        self._numbers = itertools.count(1)
        self._paid_back: list[Wish] = []
        self._customers = {task["id"]: {**task, "id": task["customer"]} for task in self._tasks}
        self._people = {person["id"]: person for person in self._executors}
        self._subscribers, self._place, self._start = list(world["subscribers"]), world["place"], world["start"]
        self._chosen: set[int] = set()
        self._moderator = world["moderator"]
        self._lock = threading.Lock()

    def next(self) -> Wish | None:
        with self._lock:
            roll = self._chance.random()
            if roll < 0.16:
                return self._top_up()
            if roll < 0.20 and self._paid_back:
                return self._return(self._paid_back.pop())
            if roll < 0.24:
                return self._cancel()
            return self._response()

    def remember(self, wish: Wish) -> None:
        """A top-up that went through can be returned to its card later."""
        if wish.kind == "top_up" and wish.outcome == "done":
            with self._lock:
                self._paid_back.append(wish)

    def story(self, after: "Wish") -> Story | None:
        """Now and then a wish that came true begins something longer."""
        with self._lock:
            roll = self._chance.random()
            if roll < 0.15 and self._subscribers:
                dice = random.Random(self._chance.random())
                return SubscriptionStory(self._subscribers.pop(), self._place, self._start, dice)
            if after.kind != "respond" or after.outcome != "done" or after.subject in self._chosen or roll > 0.55:
                return None
            self._chosen.add(after.subject)
            customer, executor = self._customers[after.subject], self._people[after.person]
            return DealStory(after, customer, executor, self._moderator, random.Random(self._chance.random()))

    def number(self) -> int:
        return next(self._numbers)

    def _response(self) -> Wish | None:
        while self._pairs:
            executor, task = self._pairs.pop(0)
            if self._taken[task] >= 10 or self._tasks[task]["id"] in self._chosen:
                continue
            self._taken[task] += 1
            who, what = self._executors[executor], self._tasks[task]
            body = {"message": "Приеду сегодня, инструмент свой.", "price_minor": 200_000}
            return self._wish("respond", who, "POST", f"/api/v1/tasks/{what['id']}/responses", body, what["id"])
        return None

    def _top_up(self) -> Wish:
        who = self._chance.choice(self._executors)
        body = {"amount_minor": TOP_UP_MINOR, "card_id": who["card"]}
        return self._wish("top_up", who, "POST", "/api/v1/wallet/top-ups", body, who["card"])

    def _return(self, paid: Wish) -> Wish:
        who = next(person for person in self._executors if person["id"] == paid.person)
        path = f"/api/v1/wallet/top-ups/{paid.answer_id}/return"
        return self._wish("return", who, "POST", path, {"amount_minor": 10_000}, paid.answer_id)

    def _cancel(self) -> Wish:
        what = self._chance.choice(self._tasks)
        path = f"/api/v1/tasks/{what['id']}/cancel"
        return self._wish("cancel", {"id": 0, **what}, "POST", path, {"reason": "plans_changed"}, what["id"])

    def _wish(self, kind: str, who: dict[str, Any], method: str, path: str, body: dict[str, Any], subject: int) -> Wish:
        person = 0 if kind == "cancel" else who["id"]
        number = self.number()
        return Wish(number, kind, person, who["token"], method, path, body, f"soak-{number:07d}", subject)


class Traffic:
    """`people` threads that make wishes come true until they are told to stop, or the plan is at its end."""

    def __init__(self, plan: Plan, port: int, simulator: str, *, people: int = 6) -> None:
        self._plan, self._port = plan, port
        self._bank = Simulator(simulator).client()
        self.wishes: list[Wish] = []
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._live, daemon=True) for _ in range(people)]
        self._enough = threading.Event()

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    @property
    def answered(self) -> int:
        with self._lock:
            return sum(wish.outcome == "done" and wish.kind not in STEPS for wish in self.wishes)

    @property
    def busy(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """Begin nothing new; what was begun gets its answer."""
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def journal(self) -> list[dict[str, Any]]:
        return [asdict(wish) for wish in self.wishes]

    def wish(self, kind: str, who: dict[str, Any], path: str, body: dict[str, Any], *, subject: int) -> Wish:
        """One step of a story, come true, refused or left open."""
        number = self._plan.number()
        address = path if who["token"].startswith(SESSION) else f"/api/v1{path}"
        wish = Wish(number, kind, who["id"], who["token"], "POST", address, body, f"soak-{number:07d}", subject)
        self._fulfil(wish)
        self._note(wish)
        return wish

    def at_processor(self, kind: str, who: dict[str, Any], subject: int, act: Callable[[Any], None]) -> Wish:
        """Something happens at the processor, whether or not the site is there to hear of it."""
        wish = Wish(self._plan.number(), kind, who["id"], "", "", "", {}, "", subject)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and wish.outcome == "open":
            wish.attempts += 1
            try:
                act(self._bank)
                wish.outcome = "done"
            except Exception:  # the processor is down, or its answer was lost
                time.sleep(0.2)
        self._note(wish)
        return wish

    def until(self, who: dict[str, Any], path: str, told: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Look until what is said is so; an empty answer when it does not become so."""
        look = Wish(0, "look", who["id"], who["token"], "GET", f"/api/v1{path}", {}, "", 0)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                status, answer = self._send(look)
            except (OSError, http.client.HTTPException, ValueError):
                status, answer = 0, {}
            if status == 200 and told(answer):
                return answer
            time.sleep(0.3)
        return {}

    def _note(self, wish: Wish) -> None:
        with self._lock:
            self.wishes.append(wish)

    def _live(self) -> None:
        while not self._enough.is_set():
            wish = self._plan.next()
            if wish is None:
                return
            self._fulfil(wish)
            self._plan.remember(wish)
            self._note(wish)
            story = self._plan.story(wish)
            if story is not None and not self._enough.is_set():
                story(self)

    def _fulfil(self, wish: Wish) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            wish.attempts += 1
            try:
                wish.status, answer = self._send(wish)
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.2)
                continue
            if wish.status in (200, 201):
                wish.outcome, wish.answer_id = "done", int(answer.get("id", 0))
                return
            if 400 <= wish.status < 500 and wish.status not in (408, 425, 429):
                again = wish.kind in UNKEYED and wish.attempts > 1
                wish.outcome, wish.code = "open" if again else "refused", str(answer.get("code", ""))
                return
            time.sleep(0.2)

    def _send(self, wish: Wish) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            if wish.token.startswith(SESSION):
                return _form_sent(connection, wish)
            headers = {
                "Authorization": f"Bearer {wish.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": wish.key,
                "Accept-Language": "en",
            }
            connection.request(wish.method, wish.path, json.dumps(wish.body), headers)
            response = connection.getresponse()
            text = response.read()
            return response.status, json.loads(text) if text else {}
        finally:
            connection.close()


def _form_sent(connection: http.client.HTTPConnection, wish: Wish) -> tuple[int, dict[str, Any]]:
    """A form of the desk, as a browser sends it; done when it leads on within the desk."""
    cookies = f"sessionid={wish.token.removeprefix(SESSION)}; csrftoken={CSRF}"
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", wish.path, urlencode({**wish.body, "csrfmiddlewaretoken": CSRF}), headers)
    response = connection.getresponse()
    response.read()
    led_on = response.status == 302 and response.headers.get("Location", "").startswith("/desk/")
    return (200 if led_on else 403 if response.status == 302 else response.status), {}
