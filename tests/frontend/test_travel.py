"""The time on the way: a hint from the distance, with the way of moving in it."""

import pytest

from frontend.feed.travel import travel_words


@pytest.mark.usefixtures("in_russian")
@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (0, "~1 мин пешком"),
        (550, "~9 мин пешком"),
        (1_500, "~25 мин пешком"),
        (1_600, "~10 мин на машине"),
        (12_000, "~45 мин на машине"),
    ],
)
def test_near_is_walked_and_far_is_driven(metres: float, words: str) -> None:
    assert travel_words(metres) == words


@pytest.mark.usefixtures("in_english")
def test_it_is_said_in_the_readers_language() -> None:
    assert travel_words(900) == "~15 min on foot"
