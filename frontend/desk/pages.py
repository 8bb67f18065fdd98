"""What the case page is made of: the file of the case, its two pictures, the chat, the choices of a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fraud import selectors
from fraud.evidence.gather import deal_of
from fraud.evidence.shown import Gap, Stay, gaps
from fraud.evidence.situation import Deal, looked_at
from fraud.reasons import full_reason, reasons_for
from fraud.related.graph import ring_of
from fraud.selectors import EvidenceView
from fraud.selectors.own import OwnPlace
from frontend.desk.calendar import calendar_of
from frontend.desk.drawing import SmallBand, TimeBand, TrackMap, where
from frontend.desk.ring_drawing import cut_words, ring_picture
from marketplace.chat import selectors as chat
from marketplace.kit.clock import now

KEYS = {"confirmed": "1", "innocent": "2", "cannot_tell": "3", "plausible": "4"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to end a case: its key on the keyboard and the ready reasons."""

    outcome: str
    key: str
    label: str
    reasons: list[Any]


def choices(labels: dict[str, str]) -> list[Choice]:
    return [Choice(outcome, key, labels[outcome], reasons_for(outcome)) for outcome, key in KEYS.items()]


def case_context(file: selectors.CaseFile, *, around: bool = True) -> dict[str, Any]:
    """Pictures and lists; the caller has logged the look. `around`: with other signals and related people."""
    agreed = deal_of(file.deal)
    fixes = file.evidence.track if file.evidence else []
    ring = ring_of(file.case) if around else None
    context: dict[str, Any] = {
        "file": file,
        "fixes": fixes,
        "zone": file.deal.time_zone.key,
        "chat": chat.messages_for_case(file.case.response_id),
        "signals": selectors.signals_of_case(file.case) if around else [],
        "ring": ring,
        "ring_picture": ring_picture(ring) if ring else "",
        "ring_cut": cut_words(ring) if ring else "",
        "decisions": [(row, full_reason(row.reason_code, row.reason)) for row in file.decisions],
    }
    if agreed is None:
        return context
    seen = seen_of(agreed, file.evidence)
    picture = TrackMap(file.city_slug, agreed, fixes, seen.main_stay, file.deal.time_zone)
    whole = TrackMap(file.city_slug, agreed, fixes, seen.main_stay, file.deal.time_zone, whole=True)
    band = TimeBand(agreed, seen.start, seen.end, seen.stays, seen.silent, file.deal.time_zone)
    return context | {
        "seen": [(fix, where(fix, agreed)) for fix in fixes],
        "calendar": calendar_of(file.deal, agreed),
        "base": picture.base(),
        "overlay": picture.overlay(),
        "half": picture.half,
        "whole": _drawn(whole) if whole.half > picture.half else None,
        "band": band.drawn(),
        "slider": (int(band.start.timestamp()), int(band.end.timestamp())),
    }


@dataclass(frozen=True, slots=True)
class Seen:
    """What the pictures show beside the positions, by the same definitions as the facts beside them: the stays, the longest
    of which the map shows, and the silences, within the time looked at."""

    start: datetime
    end: datetime
    stays: Sequence[Stay]
    silent: Sequence[Gap]

    @property
    def main_stay(self) -> Stay | None:
        return max(self.stays, key=lambda stay: stay.low, default=None)


def seen_of(agreed: Deal, evidence: EvidenceView | None) -> Seen:
    """Silences from the first position on, or from the beginning of the agreed time."""
    start, end = looked_at(agreed, now()) if evidence is None else evidence.looked
    fixes, stays = ([], []) if evidence is None else (evidence.track, evidence.stays)
    longest = max(stays, key=lambda stay: stay.low, default=None)
    since = max(start, min([agreed.window_start, *(fix.at for fix in fixes[:1])]))
    return Seen(start, end, [] if longest is None else [longest], gaps(fixes, start=since, end=end))


def _drawn(picture: TrackMap) -> dict[str, Any]:
    return {"half": picture.half, "base": picture.base(), "overlay": picture.overlay()}


def own_pictures(place: OwnPlace) -> dict[str, Any] | None:
    """The executor's own positions, as the moderator sees them."""
    agreed = deal_of(place.deal)
    if agreed is None:
        return None
    zone, seen = place.deal.time_zone, seen_of(agreed, place.evidence)
    picture = TrackMap(place.deal.city_slug, agreed, place.evidence.track, seen.main_stay, zone, small=True)
    band = SmallBand(agreed, seen.start, seen.end, seen.stays, seen.silent, zone)
    return {"base": picture.base(), "overlay": picture.overlay(), "band": band.drawn(), "told": band.told()}
