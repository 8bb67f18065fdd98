"""A trained model as a scorer: the rows of one cancellation and of its executor's past, read from the stores."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
from django.conf import settings

from fraud.features.inputs import Pings, make_pings
from fraud.features.past import solar_offset
from fraud.model.rows import DayRow, DealRow, PingRow
from fraud.model.services import score_cancellation
from fraud.model.trained import Trained, load, shipped
from fraud.model.training import WITH_CONTEXT
from fraud.scoring.asked import Asked, Scored
from fraud.stays.detector import Stay, advance, open_stay, told_accuracy
from payments import selectors as payments
from tasks_app import selectors as tasks

PAST = timedelta(days=60)  # positions are kept as long
SHIPPED = "shipped:"


def scorer(path: str) -> Callable[[Asked], Scored]:
    """A scorer of the model file `path`. Raises FileNotFoundError and UntrustedModel when it is asked, not here."""

    def score(asked: Asked) -> Scored:
        return _score(model_of(path), asked)

    return score


@cache
def model_of(path: str) -> Trained:
    """`shipped:<feature set>` or a file in the folder of models."""
    if path.startswith(SHIPPED):
        return shipped(path.removeprefix(SHIPPED))
    return load(models_folder() / path)


def models_folder() -> Path:
    return Path(getattr(settings, "FRAUD_MODELS", settings.BASE_DIR / ".local" / "models"))


def _score(model: Trained, asked: Asked) -> Scored:
    deal = _deal(asked, with_context=model.facts.get("feature_set") == WITH_CONTEXT)
    known = _positions(asked)
    looked_from = datetime.fromisoformat(asked.findings.measures["looked_from"]).timestamp()
    answer = score_cancellation(
        deal=deal,
        pings=_ping_rows(known, looked_from),
        stays=_stays(known),
        days=_days(known, deal.lon, looked_from),
        moment=asked.moment,
        model=model,
    )
    return Scored(
        model_version=answer.model_version,
        probability=answer.probability,
        verifiable=answer.verifiable,
        flagged=answer.flagged,
        reasons=[(reason.code, reason.weight) for reason in answer.reasons],
        measures=answer.measures,
    )


def _deal(asked: Asked, *, with_context: bool) -> DealRow:
    deal = asked.deal
    return DealRow(
        lat=deal.lat or 0.0,
        lon=deal.lon or 0.0,
        window_start=deal.window_start,
        window_end=deal.window_end,
        chosen_at=deal.chosen_at,
        cancelled_at=deal.cancelled_at,
        expected_minutes=float(deal.expected_minutes),
        context=_context(deal) if with_context else {},
    )


def _context(deal: tasks.CancelledAssignment) -> dict[str, float]:
    """Only what was known at the cancellation; what we do not know is left out, which the model reads as unknown."""
    charge = payments.charge_for(deal.response_id)
    pair = {"executor_id": deal.executor_id, "customer_id": deal.customer_id}
    known = {
        "by_customer": float(deal.by_side == "customer"),
        "price_minor": float(tasks.cancellation_facts(deal.cancellation_id).price_minor),
        "pair_deals": float(tasks.assignments_of_pair(**pair, before=deal.chosen_at).count()),
        "pair_cancellations": float(
            tasks.pair_cancellations(**pair, start=deal.cancelled_at - PAST, end=deal.cancelled_at)
        ),
    }
    return known if charge is None else known | {"fee_minor": float(charge.amount.minor)}


def _positions(asked: Asked) -> Pings:
    """All that is kept of the executor up to the end of the time looked at."""
    until = datetime.fromisoformat(asked.findings.measures["looked_to"])
    fixes = tasks.track(executor_id=asked.deal.executor_id, start=asked.deal.window_start - PAST, end=until)
    accuracy = [np.nan if fix.accuracy_m is None else fix.accuracy_m for fix in fixes]
    return make_pings(
        executor=np.zeros(len(fixes), dtype=np.int64),
        at=np.array([fix.at.timestamp() for fix in fixes], dtype=float),
        lat=np.array([fix.lat for fix in fixes], dtype=float),
        lon=np.array([fix.lon for fix in fixes], dtype=float),
        accuracy_m=np.array(accuracy, dtype=float),
        network=np.zeros(len(fixes), dtype=bool),
        people=1,
    )


def _ping_rows(known: Pings, looked_from: float) -> list[PingRow]:
    first = int(np.searchsorted(known.at, looked_from))
    columns = (known.at, known.lat, known.lon, known.accuracy_m, known.seen_before)
    rows = zip(*(column[first:].tolist() for column in columns), strict=True)
    return [
        PingRow(_moment(at), lat, lon, None if accuracy != accuracy else accuracy, seen_before=bool(seen))
        for at, lat, lon, accuracy, seen in rows
    ]


def _stays(known: Pings) -> Sequence[Stay]:
    done = advance(
        None, at=known.at.tolist(), vectors=known.vectors, accuracy_m=told_accuracy(known.accuracy_m).tolist()
    )
    last = open_stay(done.open)
    return done.stays if last is None else [*done.stays, last]


def _days(known: Pings, lon: float, looked_from: float) -> list[DayRow]:
    """Solar days before the time looked at: where the person was first and last."""
    past = known.at < looked_from
    day = np.floor((known.at[past] + solar_offset(np.array([lon]))[0]) / 86_400.0)
    rows = []
    for one in np.unique(day):
        first, last = np.flatnonzero(day == one)[[0, -1]].tolist()
        rows.append(
            DayRow(_moment(known.at[first]), known.lat[first], known.lon[first], known.lat[last], known.lon[last])
        )
    return rows


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
