"""What is told of a row of measures, on which side, and in which words."""

from math import nan
from typing import Any

import pytest
from django.utils import translation

from fraud.features.table import COLUMNS
from fraud.model.facts import Times, facts_of

MEASURED: dict[str, float] = {
    **dict.fromkeys(COLUMNS, nan), "fixes": 40, "stay_min": 0, "stay_fixes": 0, "stay_silence_min": 0, "stay_upper_min": 0, "wide_min": 0,
    "wide_after_min": 0, "stay_after_min": 0, "closest_m": 3200, "expected_min": 90, "past_days": 20, "past_here_days": 0,
    "past_edge_share": 0, "regular_m": 20_000, "notice_min": 60, "window_min": 180, "gap_min": 0, "gap_possible_min": 0,
    "silent_after_min": 0, "replay_share": 0, "leaps": 0, "frozen_share": 0, "cadence_min": 5, "other_job_near": 0,
}  # fmt: skip
STAY = {"stay_min": 62, "stay_after_min": 62, "stay_ratio": 0.69, "stay_silence_min": 8, "stay_m": 31.6, "stay_fixes": 11, "closest_m": 12,
        "stay_accuracy_m": 18, "stay_begin": 50_700, "stay_finish": 54_420, "stay_end_min": 100, "came_from_m": 4200, "left_to_m": 900}  # fmt: skip

ROWS: dict[str, tuple[dict[str, float], list[str], list[str]]] = {
    "stay": (STAY, [
        "stayed 62–70 min, 32 m from the address, 14:05–15:07, 11 positions, accuracy 18 m",
        "62 min of it after the cancellation",
        "comparable with how long such work usually takes, about 90 min",
        "came from at least 900 m away and left as far again",
        "no stay here on 20 other days with positions",
    ], []),
    "lives here": (
        {**STAY, "past_days": 60, "past_here_days": 30, "past_edge_share": 0.6},
        [],
        ["stayed here on 30 of 60+ other days with positions", "begins or ends the day here on other days"],
    ),
    "parked": (
        {"wide_min": 70, "wide_after_min": 70, "wide_m": 208, "closest_m": 190},
        ["70 min close by, about 208 m from the address", "70 min of it after the cancellation"],
        ["was not nearer to the address than about 190 m"],
    ),
    "passed": ({"closest_m": 40, "stay_fixes": 1, "stay_upper_min": 4}, [], ["passed the address, 40 m at the nearest"]),
    "one position between silences": (
        {"closest_m": 40, "stay_fixes": 1, "stay_m": 40, "stay_upper_min": 52.4, "stay_begin": 50_700, "stay_finish": 50_700},
        ["seen once at the address, 40 m from it; may have been there up to 52 min, 14:05"],
        [],
    ),
    "elsewhere": ({}, [], ["was elsewhere, 3.2 km away at the nearest"]),
    "sent away": (
        {**STAY, "stay_min": 12, "stay_ratio": 0.13, "stay_end_min": 6},
        [],
        ["last seen here 6 min after the cancellation: may have been sent away"],
    ),
    "left before it": (
        {**STAY, "stay_min": 12, "stay_ratio": 0.13, "stay_end_min": -7},
        [],
        ["last seen here 7 min before the cancellation: may have been sent away"],
    ),
    "silent at the door": (
        {"gap_min": 80, "gap_possible_min": 65, "gap_near_m": 30, "gap_from_m": 5800},
        ["silence that left 65 min for the address, its ends 30 m and 5.8 km from it"],
        [],
    ),
    "silent elsewhere": (
        {"gap_min": 80, "gap_possible_min": 20, "gap_near_m": 4000, "gap_from_m": 5800},
        [],
        ["80 min at the longest between two positions"],
    ),
    "replayed": ({"replay_share": 0.97}, ["97 % of the way repeats positions of an earlier day exactly"], []),
    "nothing": ({"fixes": 0}, [], ["No positions in this time: nothing can be checked"]),
}  # fmt: skip


def told(changes: dict[str, float], side: str, times: Times | None = None) -> list[str]:
    with translation.override("en"):
        return [fact.text() for fact in facts_of(MEASURED | changes, times or Times()) if fact.side == side]


@pytest.mark.parametrize("name", ROWS)
def test_each_fact_stands_on_its_side(name: str) -> None:
    changes, speaks_for, against = ROWS[name]
    assert [fact for fact in told(changes, "for") if fact in speaks_for] == speaks_for, told(changes, "for")
    assert [fact for fact in told(changes, "against") if fact in against] == against, told(changes, "against")
    if name in ("passed", "elsewhere", "silent elsewhere", "nothing"):
        assert told(changes, "for") == []


def test_times_are_told_where_they_are_known() -> None:
    changes, _for, _against = ROWS["parked"]
    assert told(changes, "for", Times(beside=(50_700, 54_900)))[0].endswith(", 14:05–15:15")


@pytest.mark.parametrize(
    ("notice", "words"),
    [(-200, ["cancelled 20 min after the end of the agreed time"]), (-600, ["cancelled long after the beginning of the agreed time"]),
     (-100, [])],
    ids=["after the end", "days later", "amid"],
)  # fmt: skip
def test_a_late_cancellation_is_a_note_and_no_sign(notice: float, words: list[str]) -> None:
    changes: dict[str, Any] = {"notice_min": notice}
    assert told(changes, "note") == words
    assert told(changes, "for") == []


def test_every_fact_has_russian_words() -> None:
    with translation.override("ru"):
        said = [fact.text() for changes, _for, _against in ROWS.values() for fact in facts_of(MEASURED | changes)]
    assert not [text for text in said if any("a" <= letter.lower() <= "z" for letter in text)], said
