"""A soak from beginning to end: world, traffic, crashes, calm, judgement. `python -m tests.soak.run --operations 3000`."""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops import places
from tests.bench.results import Figures
from tests.soak.crashes import KINDS, CrashStack, Killer
from tests.soak.traffic import STEPS, Plan, Traffic

LONGEST_REST = 8.0  # seconds between two kills
SETTLES_WITHIN = 60.0  # seconds after the last fault
FOLLOWED_WITHIN = (
    120.0  # and until the last hint of the processor is followed, or the poller has found what no hint told
)
ZERO = (
    "lost", "charged_twice", "booked_twice", "wrong_wallets", "wrong_deals", "wrong_subscriptions", "wrong_payouts", "ghosts",
    "unsettled", "reconciliation_mismatches",
)  # fmt: skip
SETTINGS, BREAKING = "tests.soak.settings", "tests.soak.breaking_settings"


@dataclass(frozen=True)
class Size:
    """`operations`: acknowledged ones at least; `kills`: at least that many before the faults stop."""

    operations: int
    kills: int
    executors: int
    tasks: int
    subscribers: int
    longest: float = 2400.0


LONG = Size(operations=3000, kills=100, executors=60, tasks=750, subscribers=80)
SHORT = Size(operations=60, kills=10, executors=6, tasks=40, subscribers=4, longest=240.0)
CONTROL = Size(operations=80, kills=25, executors=10, tasks=200, subscribers=12, longest=300.0)
GUARDS = ("key", "booking", "deals", "subscriptions")


def soak(size: Size, *, seed: int, breaking: str = "", schema: Path | None = None) -> dict[str, Any]:
    """Run it; `breaking` names a guard that is taken away (a control: the judgement has to find it). `schema`: see CrashStack."""
    stack = CrashStack(settings_module=BREAKING if breaking else SETTINGS, schema=schema)
    environment_of = stack.environment
    if breaking:
        stack.environment = lambda **more: {**environment_of(**more), "SOAK_WITHOUT": breaking}  # type: ignore[method-assign]
    try:
        stack.start()
        world = _make_world(stack, size)
        started = time.monotonic()
        traffic = Traffic(Plan(world, seed), stack.settings.ports["web"], stack.simulator_address)
        killer = Killer(stack, seed=seed)
        traffic.start()
        while traffic.busy and time.monotonic() - started < size.longest:
            if traffic.answered >= size.operations and killer.kills.total() >= size.kills:
                break
            if _may_strike(traffic, killer, size):
                killer.strike()
            else:
                time.sleep(0.2)
            stack.tend()
        traffic.stop()
        lasted = time.monotonic() - started
        settled_in, followed_in = _calm(stack)
        answer = _judge(stack, traffic.journal())
    finally:
        stack.stop()
    return _told(answer, traffic, killer, seed=seed, lasted=lasted, settled=(settled_in, followed_in))


def _may_strike(traffic: Traffic, killer: Killer, size: Size) -> bool:
    """Kills keep step with what people get done, so that a slow machine does nothing but start again; nobody rests for long."""
    kills = killer.kills.total()
    return killer.rested > LONGEST_REST or traffic.answered >= 0.7 * kills * size.operations / size.kills


def _make_world(stack: CrashStack, size: Size) -> dict[str, Any]:
    file = places.LOCAL / "soak-world.json"
    numbers = {"executors": size.executors, "tasks": size.tasks, "subscribers": size.subscribers}
    sizes = json.dumps({**numbers, "simulator": stack.simulator_address})
    stack.run_python("-m", "tests.soak.world", sizes, str(file), what="Making the soak's people and tasks")
    world: dict[str, Any] = json.loads(file.read_text())
    return world


OPEN = """SELECT (SELECT count(*) FROM payments_intent WHERE status IN ('created', 'waiting'))
    + (SELECT count(*) FROM payments_subscriptioncall WHERE status = 'due')
    + (SELECT count(*) FROM payments_securedeal WHERE status IN ('settling', 'awaiting_payment'))"""


def _calm(stack: CrashStack) -> tuple[float, float]:
    """Seconds until nothing is unsettled, and until what the processor did by itself is known here."""
    for kind in KINDS:
        stack.wait_for(kind)
    begun = time.monotonic()
    settled = _waited(stack, begun, SETTLES_WITHIN, lambda: stack.query(OPEN) == "0")
    followed = _waited(stack, begun, FOLLOWED_WITHIN, stack.knows_what_happened)
    return settled, followed


def _waited(stack: CrashStack, begun: float, longest: float, done: Callable[[], bool]) -> float:
    while time.monotonic() - begun < longest:
        stack.tend()
        asked = time.monotonic()
        if asked - begun > 5 and done():
            break
        time.sleep(max(0.5, 2 * (time.monotonic() - asked)))  # whoever asks for much leaves time to answer others
    return time.monotonic() - begun


def _judge(stack: CrashStack, journal: list[dict[str, Any]]) -> dict[str, Any]:
    written, answer = places.LOCAL / "soak-journal.json", places.LOCAL / "soak-answer.json"
    written.write_text(json.dumps(journal, ensure_ascii=False))
    world = str(places.LOCAL / "soak-world.json")
    stack.run_python(
        "-m", "tests.soak.oracle", world, str(written), str(answer), stack.simulator_address, what="Judging the soak"
    )
    told: dict[str, Any] = json.loads(answer.read_text())
    return told


def _told(
    answer: dict[str, Any], traffic: Traffic, killer: Killer, *, seed: int, lasted: float, settled: tuple[float, float]
) -> dict[str, Any]:
    wishes = traffic.wishes
    done = Counter(wish.kind for wish in wishes if wish.outcome == "done")
    steps = Counter({kind: count for kind, count in done.items() if kind in STEPS})
    return {
        "operations": (done - steps).total(),
        "operations_by_kind": dict(sorted((done - steps).items())),
        "steps_between": dict(sorted(steps.items())),
        "refused": sum(wish.outcome == "refused" for wish in wishes),
        "left_open": sum(wish.outcome == "open" for wish in wishes),
        "repeated_requests": sum(wish.attempts - 1 for wish in wishes),
        "kills": killer.kills.total(),
        "kills_by_process": dict(killer.kills),
        "whole_processes_killed": dict(killer.whole),
        **answer,
        "seconds": round(lasted, 1),
        "settled_after_seconds": round(settled[0], 1),
        "followed_after_seconds": round(settled[1], 1),
        "seed": seed,
    }


def write(told: dict[str, Any], size: Size) -> Path:
    """One object: the flat keys that programs ask for, and `figures`, the list that all suites share."""
    figures = Figures("soak")
    figures.add("soak-operations", value=told["operations"], unit="operations", bar=f">= {size.operations}")
    figures.add("soak-kills", value=told["kills"], unit="kills", bar=f">= {size.kills}")
    least = min(told["kills_by_process"].get(kind, 0) for kind in KINDS)
    figures.add("soak-kills-of-the-least-killed", value=least, unit="kills", bar=">= 1")
    for name in ZERO:
        figures.add(f"soak-{name.replace('_', '-')}", value=told[name], unit="", bar="<= 0")
    for guard in GUARDS:
        name, bar = f"soak-control-without-{guard}-is-seen", "== 1"
        if guard in told["controls"]:
            figures.add(name, value=int(told["controls"][guard]["seen"]), unit="", bar=bar)
        else:
            figures.skip(name, unit="", bar=bar, why="the controls were not asked for")
    unseen = sum(not seen for seen in told["controls_of_the_judge"].values())
    figures.add("soak-damage-the-judge-did-not-see", value=unseen, unit="", bar="<= 0")
    figures.add("soak-settled-after", value=told["settled_after_seconds"], unit="s", bar=f"<= {SETTLES_WITHIN:.0f}")
    path = figures.write()
    path.write_text(json.dumps({**told, "figures": json.loads(path.read_text())}, ensure_ascii=False, indent=1) + "\n")
    return path


def clean(told: dict[str, Any]) -> bool:
    return not any(told[name] for name in ZERO)


def controls(seed: int) -> dict[str, Any]:
    """Each guard taken away in turn, in a soak of a few minutes: the judgement has to see it."""
    found = {}
    for guard in GUARDS:
        told = soak(CONTROL, seed=seed, breaking=guard)
        found[guard] = {"seen": not clean(told), **{name: told[name] for name in ("operations", "kills", *ZERO)}}
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Real processes are killed with -9 while people pay.")
    parser.add_argument("--operations", type=int, default=LONG.operations)
    parser.add_argument("--kills", type=int, default=LONG.kills)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--without", default="", choices=["", *GUARDS], help="only a control: take this guard away")
    parser.add_argument("--no-controls", action="store_true")
    asked = parser.parse_args()
    if asked.without:
        told = soak(CONTROL, seed=asked.seed, breaking=asked.without)
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0 if not clean(told) else 1
    size = Size(
        asked.operations,
        asked.kills,
        executors=min(60, max(10, asked.operations // 40)),
        tasks=max(60, asked.operations // 4),
        subscribers=min(80, max(6, asked.operations // 30)),
    )
    told = soak(size, seed=asked.seed)
    told["controls"] = {} if asked.no_controls else controls(asked.seed)
    path = write(told, size)
    print("\n".join(told["findings"]))
    print(f"Written to {path}")
    return (
        0
        if clean(told)
        and all(told["controls_of_the_judge"].values())
        and all(control["seen"] for control in told["controls"].values())
        else 1
    )


if __name__ == "__main__":
    sys.exit(main())
