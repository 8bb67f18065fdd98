"""A soak from beginning to end: world, traffic, crashes, calm, judgement. `python -m tests.soak.run --operations 3000`."""

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops import places
from tests.bench.results import Figures
from tests.soak.crashes import KINDS, CrashStack, Killer
from tests.soak.traffic import Plan, Traffic

SETTLES_WITHIN = 60.0  # seconds after the last fault
ZERO = ("lost", "charged_twice", "booked_twice", "wrong_wallets", "ghosts", "unsettled", "reconciliation_mismatches")
BREAKING = "tests.soak.breaking_settings"


@dataclass(frozen=True)
class Size:
    """`operations`: acknowledged ones at least; `kills`: at least that many before the faults stop."""

    operations: int
    kills: int
    executors: int
    tasks: int
    longest: float = 1500.0


LONG = Size(operations=3000, kills=100, executors=60, tasks=600)
SHORT = Size(operations=60, kills=10, executors=10, tasks=60, longest=240.0)
CONTROL = Size(operations=80, kills=25, executors=10, tasks=200, longest=300.0)
GUARDS = ("key", "booking")


def soak(size: Size, *, seed: int, breaking: str = "", schema: Path | None = None) -> dict[str, Any]:
    """Run it; `breaking` names a guard that is taken away (a control: the judgement has to find it). `schema`: see CrashStack."""
    stack = CrashStack(settings_module=BREAKING if breaking else "marketplace.settings", schema=schema)
    environment_of = stack.environment
    if breaking:
        stack.environment = lambda **more: {**environment_of(**more), "SOAK_WITHOUT": breaking}  # type: ignore[method-assign]
    try:
        stack.start()
        world = _make_world(stack, size)
        started = time.monotonic()
        traffic = Traffic(Plan(world, seed), stack.settings.ports["web"])
        killer = Killer(stack, seed=seed)
        traffic.start()
        while traffic.busy and time.monotonic() - started < size.longest:
            if traffic.answered >= size.operations and killer.kills.total() >= size.kills:
                break
            killer.strike()
            stack.tend()
        traffic.stop()
        lasted = time.monotonic() - started
        settled_in = _calm(stack)
        answer = _judge(stack, traffic.journal())
    finally:
        stack.stop()
    return _told(answer, traffic, killer, seed=seed, lasted=lasted, settled_in=settled_in)


def _make_world(stack: CrashStack, size: Size) -> dict[str, Any]:
    file = places.LOCAL / "soak-world.json"
    sizes = json.dumps({"executors": size.executors, "tasks": size.tasks, "simulator": stack.simulator_address})
    stack.run_python("-m", "tests.soak.world", sizes, str(file), what="Making the soak's people and tasks")
    world: dict[str, Any] = json.loads(file.read_text())
    return world


def _calm(stack: CrashStack) -> float:
    """Seconds until nothing is unsettled, at most SETTLES_WITHIN."""
    for kind in KINDS:
        stack.wait_for(kind)
    begun = time.monotonic()
    while time.monotonic() - begun < SETTLES_WITHIN:
        stack.tend()
        open_ = stack.query("SELECT count(*) FROM payments_intent WHERE status IN ('created', 'waiting')")
        if open_ == "0" and time.monotonic() - begun > 5:
            break
        time.sleep(1)
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
    answer: dict[str, Any], traffic: Traffic, killer: Killer, *, seed: int, lasted: float, settled_in: float
) -> dict[str, Any]:
    wishes = traffic.wishes
    done = [wish for wish in wishes if wish.outcome == "done"]
    return {
        "operations": len(done),
        "operations_by_kind": {
            kind: sum(w.kind == kind for w in done) for kind in ("respond", "top_up", "return", "cancel")
        },
        "refused": sum(wish.outcome == "refused" for wish in wishes),
        "left_open": sum(wish.outcome == "open" for wish in wishes),
        "repeated_requests": sum(wish.attempts - 1 for wish in wishes),
        "kills": killer.kills.total(),
        "kills_by_process": dict(killer.kills),
        "whole_processes_killed": dict(killer.whole),
        **answer,
        "seconds": round(lasted, 1),
        "settled_after_seconds": round(settled_in, 1),
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
    )
    told = soak(size, seed=asked.seed)
    told["controls"] = {} if asked.no_controls else controls(asked.seed)
    path = write(told, size)
    print("\n".join(told["findings"]))
    print(f"Written to {path}")
    return 0 if clean(told) and all(control["seen"] for control in told["controls"].values()) else 1


if __name__ == "__main__":
    sys.exit(main())
