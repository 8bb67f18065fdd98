"""report.html: one file with pictures that one would show a manager."""

from html import escape
from typing import Any

from fraud.backtest import charts

LANGUAGE = "en"
STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:1060px;margin:2rem auto;padding:0 1rem;color:#22211f;background:#fff}
h1,h2{line-height:1.2}h2{margin-top:2.2rem}table{border-collapse:collapse;width:100%;font-size:14px}
td,th{padding:.35rem .6rem;border-bottom:1px solid #ddd;text-align:left}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.row{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(420px,100%),1fr));gap:1rem;margin:1rem 0}.maps{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(220px,100%),1fr));gap:1rem}
svg{width:100%;height:auto;border:1px solid #e4e0d8;border-radius:8px}figure{margin:0}figcaption{font-size:13px;color:#555}
svg text{font:11px system-ui,sans-serif;fill:#444}.title{font-weight:600;font-size:13px;text-anchor:middle}.axis{text-anchor:middle}
.label{text-anchor:end}.grid{stroke:#eee;fill:none}.faint{stroke:#bbb;stroke-dasharray:4 4;fill:none}
.yes{color:#1f6f5c}.no{color:#a3341a}p.note{color:#555}
"""


WORDS = {
    "pr_auc": "average precision",
    "recall_at_0.001": "found at 0.1 % false flags",
    "recall_at_0.01": "found at 1 % false flags",
    "precision_top_2pct": "right, of the 2 % with the highest scores",
    "ece": "chances are off by, on average",
    "top_decile_error": "chances are off by, in the highest tenth",
}


def html(report: dict[str, Any], *, title: str, examples: list[dict[str, Any]]) -> str:
    """`report` as in report.json, with "curves" per contestant when there are labels; `examples`: points and words."""
    parts = [f"<h1>{escape(title)}</h1>", _intro(report)]
    if report.get("targets"):
        parts.append("<h2>What was promised</h2>" + _targets(report["targets"]))
    if report.get("contestants"):
        parts.append("<h2>Figures</h2>" + _figures(report["contestants"]))
        parts.append(f'<div class="row">{_curves(report)}</div>')
        parts.append("<h2>By kind, at 1 % false flags</h2>" + _kinds(report))
        parts.append("<h2>No group is flagged much more often</h2>" + _groups(report))
    if examples:
        parts.append("<h2>Examples</h2>" + _examples(examples))
    parts.append(
        '<p class="note">A score decides only whether a person looks. A cancellation without positions is '
        "“unverifiable”, never proof.</p>"
    )
    head = f'<!doctype html><html lang="{LANGUAGE}"><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    return head + "".join(parts) + "</html>"


def _intro(report: dict[str, Any]) -> str:
    facts = report.get("facts", {})
    rows = "".join(f"<tr><td>{escape(str(k))}</td><td>{escape(str(v))}</td></tr>" for k, v in facts.items())
    return f"<table>{rows}</table>"


def _targets(rows: list[dict[str, Any]]) -> str:
    body = "".join(
        f"<tr><td>{escape(row['contestant'])}</td><td>{escape(_named(row['figure']))}</td><td class=n>{row['value']:.4f}</td>"
        f"<td class=n>{escape(row['bar'])}</td><td class={'yes' if row['holds'] else 'no'}>"
        f"{'holds' if row['holds'] else 'does not hold'}</td></tr>"
        for row in rows
    )
    return f"<table><tr><th>score</th><th>figure</th><th class=n>value</th><th class=n>bar</th><th></th></tr>{body}</table>"


def _figures(contestants: dict[str, Any]) -> str:
    names = [name for name, found in contestants.items() if found["figures"]]
    if not names:
        return "<p>The labels name only one class.</p>"
    figures = list(contestants[names[0]]["figures"])
    head = "".join(f"<th class=n>{escape(name)}</th>" for name in names)
    body = ""
    for figure in figures:
        cells = "".join(f"<td class=n>{_value(contestants[name], figure)}</td>" for name in names)
        body += f"<tr><td>{escape(_named(figure))}</td>{cells}</tr>"
    return f"<table><tr><th></th>{head}</tr>{body}</table>"


def _named(figure: str) -> str:
    return WORDS.get(figure, figure)


def _value(found: dict[str, Any], figure: str) -> str:
    text = f"{found['figures'][figure]:.4f}"
    if figure in found["intervals"]:
        low, high = found["intervals"][figure]
        text += f" <small>({low:.2f}–{high:.2f})</small>"
    return text


def _curves(report: dict[str, Any]) -> str:
    curves = report["curves"]
    precision = {name: [(r, p) for r, p, _f in points] for name, points in curves.items()}
    early = {name: [(100 * f, r) for r, _p, f in points if f <= 0.05] for name, points in curves.items()}
    bins = {
        name: [(said, was) for said, was, _share in found["bins"]]
        for name, found in report["contestants"].items()
        if found["figures"] and name != "rule"
    }
    return (
        charts.lines(precision, title="Precision and recall", across="recall", up="precision")
        + charts.lines(
            early, title="Found against false flags", across="false flags, %", up="recall", limits=(0, 5, 0, 1)
        )
        + charts.lines(bins, title="Calibration", across="said", up="was", diagonal=True)
    )


def _kinds(report: dict[str, Any]) -> str:
    values: dict[str, dict[str, float]] = {}
    for name, found in report["contestants"].items():
        for kind, row in found.get("by_kind", {}).get("0.01", {}).items():
            values.setdefault(f"{kind or 'unnamed'} ({row['count']:,})", {})[name] = row["flagged"]
    frauds = set(report.get("fraud_kinds", []))
    caught = {k: v for k, v in values.items() if k.split(" (")[0] in frauds}
    false = {k: v for k, v in values.items() if k.split(" (")[0] not in frauds}
    most = max([0.02, *(max(row.values()) for row in false.values())]) if false else 1.0
    return (
        '<div class="row">'
        + charts.bars(caught, title="Found, by kind", across="share found")
        + charts.bars(false, title="False flags, by kind", across="share flagged", most=most)
        + "</div>"
    )


def _groups(report: dict[str, Any]) -> str:
    rows = ""
    for name, found in report["contestants"].items():
        for group, ratio in found.get("groups", {}).get("0.01", {}).items():
            rows += f"<tr><td>{escape(name)}</td><td>{escape(group)}</td><td class=n>{ratio:.2f}×</td></tr>"
    return f"<table><tr><th>score</th><th>group</th><th class=n>false flags over the mean</th></tr>{rows}</table>"


def _examples(examples: list[dict[str, Any]]) -> str:
    cells = "".join(
        f"<figure>{charts.track(one['points'], title=one['title'], near=one['near'])}"
        f"<figcaption><b>{escape(one['title'])}</b><br>{escape(one['words'])}</figcaption></figure>"
        for one in examples
    )
    return f'<div class="maps">{cells}</div>'
