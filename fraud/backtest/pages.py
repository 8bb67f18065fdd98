"""The study's pages: the report as one HTML file, and the tables and pictures of docs/fraud-model/ from the figures."""

from pathlib import Path
from typing import Any

from fraud.backtest import charts, report
from fraud.backtest.loop import WAYS

PICTURE_STYLE = (
    "<style>svg{background:#fff}text{font:11px system-ui,sans-serif;fill:#444}.title{font-weight:600;font-size:13px;"
    "text-anchor:middle}.axis{text-anchor:middle}.label{text-anchor:end}.grid{stroke:#eee;fill:none}"
    ".faint{stroke:#bbb;stroke-dasharray:4 4;fill:none}</style>"
)
LOOP_TOLD = (
    "\n## The closed loop, 12 monthly retrains\n\nModerators look at the 3 % with the highest scores and, blindly, at as many "
    "others as are 4 % of these looks, drawn as the product draws them; 5–10 % of their decisions are wrong; a decision teaches a month later. At work the readable rule orders the queue "
    "until something was learned; what is learned stands beside the shipped model (its log-odds are one more column), with "
    "inverse propensities and without doubtful decisions, and serves only when it is surely no worse on the newest decisions than "
    "what stands. The shipped model was trained on other seeds of the standard world's kind, so the shifted world is the "
    "fairer one. Promise: 90 % kept.\n"
)
DIAL_LIMITS = {"parked": 500.0, "phone_off": 1.2, "late": 3.0}


def write_pages(found: dict[str, Any], out: Path) -> None:
    for name, picture in _pictures(found).items():
        (out / f"{name}.svg").write_text(_alone(picture) + "\n")
    body = "".join(_world_html(name, world) for name, world in found["worlds"].items())
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>The fraud model</title><style>{report.STYLE}</style>'
    (out / "report.html").write_text(f"{head}<h1>The fraud model on generated worlds</h1>{body}{_more(found)}</html>\n")
    (out / "figures.md").write_text(_tables(found))


def _world_html(name: str, world: dict[str, Any]) -> str:
    page = report.html({**world, "facts": {"world": name, "rows": f"{world['rows']:,}", "honest": f"{world['honest']:,}"}},
                       title=f"World “{name}”", examples=[])  # fmt: skip
    return page[page.index("<h1>") : page.index("</html>")].replace("<h1>", "<h2>").replace("</h1>", "</h2>")


def _more(found: dict[str, Any]) -> str:
    return '<h2>The closed loop and the cost of hiding</h2><div class="row">' + "".join(
        picture for name, picture in _pictures(found).items() if name.startswith(("loop", "hiding"))
    ) + "</div>"  # fmt: skip


def _pictures(found: dict[str, Any]) -> dict[str, str]:
    out = {}
    for name, world in found["worlds"].items():
        contestants = {who: row for who, row in world["contestants"].items() if row["figures"]}
        kinds = {
            kind: {who: row["by_kind"]["0.01"][kind]["flagged"] for who, row in contestants.items()}
            for kind in world["fraud_kinds"]
        }
        out[f"found-{name}"] = charts.bars(kinds, title=f"Found at 1 % false flags ({name})", across="share found")
        bins = {who: [(a, b) for a, b, _ in row["bins"]] for who, row in contestants.items() if who != "rule"}
        out[f"calibration-{name}"] = charts.lines(
            bins, title=f"Calibration ({name})", across="said", up="was", diagonal=True
        )
    for name, loop in found.get("loop", {}).items():
        out["loop" if name == "standard" else f"loop-{name}"] = _year(name, loop)
    for dial, row in found.get("evasion", {}).items():
        out[f"hiding-{dial}"] = _hiding(dial, row)
    return out


def _year(world: str, loop: dict[str, Any]) -> str:
    months = {WAYS[way].told: list(enumerate(years[0]["by_month"], 1)) for way, years in loop["ways"].items()}
    for name, level in (
        ("the shipped model as it is", loop["shipped_pr_auc"]),
        ("every label known", loop["full_pr_auc"]),
    ):
        months[name] = [(1, level), (12, level)]
    return charts.lines(
        months,
        title=f"A year of learning from decisions ({world})",
        across="month",
        up="PR-AUC",
        limits=(1, 12, 0, 1),
    )


def _hiding(dial: str, row: dict[str, Any]) -> str:
    return charts.lines(
        {"found": row["points"]},
        title=f"Hiding: {dial.replace('_', ' ')}",
        across=row["unit"],
        up="share found",
        limits=(0, DIAL_LIMITS[dial], 0, 1),
    )


def _alone(picture: str) -> str:
    opened = picture.index(">") + 1
    head = picture[:opened].replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" width="460" ')
    return head + PICTURE_STYLE + picture[opened:]


def _tables(found: dict[str, Any]) -> str:
    parts = ["# Figures of the last study\n", "Written by `python manage.py fraud_study`; do not edit by hand.\n"]
    for name, world in found["worlds"].items():
        parts.append(f"\n## World “{name}”: {world['honest']:,} honest, {world['cases']:,} fraud\n")
        parts += [_contestants(world), _targets(world), _kinds(world), _naive(world), _rates(world), _groups(world)]
    if "strangers" in found:
        parts.append(_strangers(found["strangers"]))
    if "loop" in found:
        parts.append(LOOP_TOLD)
        parts += [_loop(name, loop) for name, loop in found["loop"].items()]
    if "evasion" in found:
        parts.append(_evasion(found["evasion"]))
    return "\n".join(parts) + "\n"


def _contestants(world: dict[str, Any]) -> str:
    names = [name for name, row in world["contestants"].items() if row["figures"]]
    figures = list(world["contestants"][names[0]]["figures"])
    rows = [[figure, *(_with_interval(world["contestants"][name], figure) for name in names)] for figure in figures]
    return _table(["", *names], rows)


def _with_interval(row: dict[str, Any], figure: str) -> str:
    text = f"{row['figures'][figure]:.4f}"
    if figure in row["intervals"]:
        text += " ({:.2f}–{:.2f})".format(*row["intervals"][figure])
    return text


def _targets(world: dict[str, Any]) -> str:
    rows = [
        [
            row["contestant"],
            row["figure"],
            f"{row['value']:.4f}",
            row["bar"],
            "holds" if row["holds"] else "**does not hold**",
        ]
        for row in world["targets"]
    ]
    return _table(["score", "promise", "value", "bar", ""], rows)


def _kinds(world: dict[str, Any]) -> str:
    names = [name for name, row in world["contestants"].items() if row["figures"]]
    rows = []
    for kind, one in world["contestants"][names[0]]["by_kind"]["0.01"].items():
        cells = [
            " / ".join(
                f"{100 * world['contestants'][name]['by_kind'][rate][kind]['flagged']:.2f}"
                for rate in ("0.001", "0.01")
            )
            for name in names
        ]
        rows.append([kind, f"{one['count']:,}", *cells])
    return "Flagged, %, at 0.1 % / 1 % false flags:\n\n" + _table(["kind", "rows", *names], rows)


def _naive(world: dict[str, Any]) -> str:
    rows = [
        [name, *(f"{100 * row[key]:.1f} %" for key in ("recall", "false_flags", "false_flags_next_door"))]
        for name, row in world["naive"].items()
    ]
    return _table(["naive", "found", "false flags", "false flags next door"], rows)


def _rates(world: dict[str, Any]) -> str:
    rows = [
        [name, f"{100 * row['share']:g} %", f"{row['flags_per_1000']:.2f}", f"{row['false_flags_per_1000_honest']:.2f}",
         f"{row['precision_of_flags']:.3f}" if "precision_of_flags" in row else "–",
         f"{row['pr_auc']:.3f}" if "pr_auc" in row else "–"]
        for name, all_rows in world["base_rates"].items() for row in all_rows
    ]  # fmt: skip
    head = ["score", "true rate", "flags per 1,000", "false flags per 1,000 honest", "precision", "PR-AUC"]
    told = "At the last moment, with the line that the model was shipped with:\n\n" + _table(head, rows)
    moments = [
        [name, moment, f"{row['false_flags_per_1000_honest']:.2f}", f"{row['found']:.3f}", f"{row['honest']:,}"]
        for name, found in world["at_the_line"].items() for moment, row in found.items()
    ]  # fmt: skip
    return (
        told
        + "\nAs the live path looks, at each moment with its own line, and at any of them:\n\n"
        + _table(["score", "moment", "false flags per 1,000 honest", "found", "honest rows"], moments)
    )


def _groups(world: dict[str, Any]) -> str:
    rows = [
        [name, group, f"{ratio:.2f}×"]
        for name, row in world["contestants"].items() if name != "rule"
        for group, ratio in row["groups"]["0.01"].items()
    ]  # fmt: skip
    return "False flags of each group over the mean, at 1 %:\n\n" + _table(["score", "group", "ratio"], rows)


def _strangers(strangers: dict[str, Any]) -> str:
    rows = [
        [name, f"{world['pr_auc']:.3f}", kind, f"{row['count']:,}", f"{100 * row['0.001']:.1f} %", f"{100 * row['0.01']:.1f} %"]
        for name, world in strangers.items() for kind, row in world["by_kind"].items()
    ]  # fmt: skip
    told = (
        "\n## Tracks of another character\n\nNever trained on, at the lines that the model was shipped with: a logger that "
        "records ways and loses the sky indoors (1–5 s, no accuracy, wild positions), a taxi that never rests (1–5 min), people "
        "who check in (one to six positions a day, each at a place's own coordinates).\n\n"
    )
    return told + _table(["track", "PR-AUC", "kind", "rows", "flagged at the 0.1 % line", "at the 1 % line"], rows)


def _loop(world: str, loop: dict[str, Any]) -> str:
    rows = []
    for way, years in loop["ways"].items():
        ends = [year["by_month"][-1] for year in years]
        kept = ", ".join(f"{100 * year['kept']:.1f}" for year in years)
        rows.append(
            [
                WAYS[way].told,
                ", ".join(str(year["seed"]) for year in years),
                f"{years[0]['looked_at']:,}",
                ", ".join(f"{end:.3f}" for end in ends),
                f"{kept} %",
                ", ".join(f"{year['calibration_error']:.3f}" for year in years),
            ]
        )
    full, shown = loop["full_pr_auc"], loop["shipped_pr_auc"]
    rows.append(["the shipped model as it is", "", "0", f"{shown:.3f}", f"{100 * shown / full:.1f} %", ""])
    rows.append(["every label known and right", "", f"{loop['cancellations']:,}", f"{full:.3f}", "100 %", ""])
    told = (
        f"\nWorld “{world}”: {loop['cancellations']:,} cancellations in the year, judged on {loop['judged_on']:,} of other "
        "people.\n"
    )
    return (
        told
        + "\n"
        + _table(["way of learning", "seed", "labels", "PR-AUC after a year", "kept", "calibration error"], rows)
    )


def _evasion(evasion: dict[str, Any]) -> str:
    rows = []
    for dial, row in evasion.items():
        points = ", ".join(f"{value:g}: {100 * share:.0f} %" for value, share in row["points"])
        half = "not within the range" if row["halved_at"] is None else f"{row['halved_at']:.2f}"
        rows.append([dial, row["unit"], points, half])
    return "\n## The cost of hiding (found at 1 % false flags)\n\n" + _table(
        ["way", "unit", "found", "halved at"], rows
    )


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"
