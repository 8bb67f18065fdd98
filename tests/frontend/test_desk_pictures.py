"""Pictures of the desk, drawn from made-up rows: the people around a case, and figures by day."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from fraud.learning.models import Figure
from fraud.related.graph import LARGEST, Member, NamedBond, Ring
from frontend.desk.figures import figure_cards
from frontend.desk.ring_drawing import cut_words, ring_picture

PEOPLE = [
    Member(1, "Андрей К.", 0, 1, 0),
    Member(2, "Ирина <П>", 0, 1, 0),
    Member(3, "Олег С.", 1, 2, 1),
    Member(4, "Анна Константинопольская", 1, 1, 0),
    Member(5, "Вера З.", 2, 1, 0),
]
BONDS = [
    NamedBond("Андрей К.", "Ирина <П>", "deals", "3 отменённые сделки", (1, 2)),
    NamedBond("Андрей К.", "Олег С.", "device", "одно устройство", (1, 3)),
    NamedBond("Ирина <П>", "Анна Константинопольская", "card", "похожие карты", (2, 4)),
    NamedBond("Олег С.", "Вера З.", "address", "одна квартира", (3, 5)),
]
RING = Ring(PEOPLE, BONDS, [])


def test_everybody_around_a_case_is_in_the_picture_with_what_joins_them() -> None:
    drawn = ring_picture(RING)
    assert drawn.count("<circle") == len(PEOPLE)
    assert drawn.count("<line") == len(BONDS)
    assert drawn.count("ring-dot--own") == 2
    assert drawn.count("ring-dot--confirmed") == 1
    assert "Андрей К. – одно устройство – Олег С." in drawn
    assert "Анна Констант…" in drawn
    assert "<П>" not in drawn, "a name is no markup"


def test_a_pair_alone_needs_no_picture() -> None:
    assert ring_picture(Ring(PEOPLE[:2], BONDS[:1], [])) == ""


def test_a_picture_that_ends_says_so() -> None:
    with translation.override("en"):
        assert cut_words(RING) == ""
        assert str(LARGEST) in cut_words(replace(RING, cut=True))


@pytest.mark.parametrize(("language", "share"), [("ru", "4,0 %"), ("en", "4.0%")])
def test_a_chart_tells_its_days_its_edges_and_of_how_many(language: str, share: str) -> None:
    days = [Figure(day=date(2026, 11, 19 + n), name="flag_rate", value=0.01 * (n + 2), count=100 + n) for n in range(3)]
    with translation.override(language):
        (card,) = figure_cards({"flag_rate": days})
    assert (card.since, card.until) == (date(2026, 11, 19), date(2026, 11, 21))
    assert card.high == card.value == share
    assert card.rows[0] == (date(2026, 11, 21), share, 102)


def test_one_day_makes_no_edges() -> None:
    (card,) = figure_cards({"cadence": [Figure(day=date(2026, 11, 21), name="cadence", value=4.5)]})
    assert card.since is None
