"""Scores a cancellation by the champion and, beside it and without effect, by the shadow; keeps both as rows."""

from collections.abc import Callable
from dataclasses import asdict
from math import isfinite
from time import perf_counter

import structlog

from fraud.evidence.situation import BUFFER
from fraud.learning.models import Score
from fraud.rules import rule
from fraud.scoring import by_rule
from fraud.scoring.asked import Asked, Scored
from fraud.scoring.roles import Serving, serving
from marketplace.kit.clock import now

log = structlog.get_logger()
Scorer = Callable[[Asked], Scored]


def judge(asked: Asked) -> Score:
    """The champion's row, with what follows from it. A champion that fails leaves the rule to judge; a shadow that fails
    is only logged. The rule alone would suspect too many who waited in vain: whatever brought it to judge, it flags only what the
    model that came with the code holds for likely enough, too. Called in the transaction that collects the evidence, under the
    lock of its row; the same moment again gives the same row."""
    who = serving()
    row = _scored(asked, who.champion, Score.Role.CHAMPION) or _scored(asked, by_rule.score, Score.Role.CHAMPION)
    if row is None:
        raise RuntimeError("the readable rule gave no score")
    other = _scored(asked, who.shadow, Score.Role.SHADOW)
    if row.flagged and row.model_version == by_rule.VERSION:
        _seconded(asked, who, row)
    return _keep(asked, row, other)


def _seconded(asked: Asked, who: Serving, row: Score) -> None:
    """When nobody can be asked the rule opens cases alone, a broken file must not stop the desk; but it holds no money."""
    try:
        agreed = who.agrees(asked)
    except Exception:
        log.exception("second_opinion_failed", cancellation=asked.deal.cancellation_id)
        if row.outcome == Score.Outcome.HOLD:
            row.outcome = Score.Outcome.CASE
        return
    if not agreed:
        row.flagged, row.outcome = False, Score.Outcome.NOTHING


def certainty(asked: Asked) -> float:
    """0.5 to 1: half for knowing anything, half by how much of the agreed time positions cover and how exact they are."""
    deal, told = asked.deal, asked.measured.measures
    window = (deal.window_end - deal.window_start + BUFFER).total_seconds() / 60
    covered = min(1.0, told["seen_min"] / window) if window > 0 else 0.0
    exact = min(1.0, 50.0 / told["stay_accuracy_m"]) if isfinite(told["stay_accuracy_m"]) else 1.0
    return round(0.5 + 0.5 * covered * exact, 4)


def _keep(asked: Asked, row: Score, other: Score | None) -> Score:
    """The row as it is kept: of each model the first one of this moment."""
    known = Score.objects.filter(cancellation_id=asked.deal.cancellation_id, moment=asked.moment, late=asked.late)
    kept = {score.model_version: score for score in known}
    given = {score.model_version: score for score in (other, row) if score is not None}
    Score.objects.bulk_create([score for version, score in given.items() if version not in kept])
    return kept.get(row.model_version, row)


def _scored(asked: Asked, scorer: Scorer, role: str) -> Score | None:
    started = perf_counter()
    try:
        scored = scorer(asked)
    except Exception:  # a broken model file must not stop the desk
        log.exception("scorer_failed", role=role, cancellation=asked.deal.cancellation_id)
        return None
    return Score(
        cancellation_id=asked.deal.cancellation_id,
        moment=asked.moment,
        model_version=scored.model_version,
        late=asked.late,
        as_of=asked.as_of,
        scored_at=now(),
        took_ms=round(asked.took_ms + (perf_counter() - started) * 1000, 2),
        role=role,
        probability=min(1.0, max(0.0, scored.probability)),
        rule=asked.measured.rule,
        verifiable=scored.verifiable,
        flagged=scored.flagged,
        outcome=_outcome(scored) if role == Score.Role.CHAMPION else Score.Outcome.NOTHING,
        reasons=[list(reason) for reason in scored.reasons],
        facts=[asdict(fact) for fact in asked.measured.facts],
        measures={name: value for name, value in asked.measured.measures.items() if isfinite(value)},  # no NaN in JSON
    )


def _outcome(scored: Scored) -> str:
    """A hold needs a flag and a likelihood; a flag alone is looked at while the money goes back. What cannot be
    verified is never flagged."""
    if not scored.flagged or not scored.verifiable:
        return Score.Outcome.NOTHING
    return Score.Outcome.HOLD if scored.probability >= rule("hold_from") else Score.Outcome.CASE
