"""Finding a category by what a person types: any form of the words, typos, both languages, the wrong keyboard layout.

PostgreSQL keeps two generated columns of each category (migration 0005): the phrases that people type and the lexemes
of each (the `russian` configuration stems Russian words as Russian and Latin ones as English). The best phrase of a
category counts: how many of its words meet the query's (morphology), and how alike the letters are (trigrams, typos).
"""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.db import connection

from tasks_app.models import Category

_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюе"
_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_TO_RUSSIAN = str.maketrans(_LATIN, _RUSSIAN)
_TO_LATIN = str.maketrans(_RUSSIAN, _LATIN)
QUERY_LENGTH = 120  # a longer text says nothing more about the category
NOISE = 0.34  # a likeness below it is chance
SURE = 0.5  # above it there is no doubt about the keyboard layout

# Words meet: Dice's coefficient of the two sets of lexemes; a long query that holds the whole phrase, or a short one
# that the phrase holds, counts almost as much. Letters: pg_trgm's similarity, and of the phrase within the query.
_SEARCH = """
WITH asked AS (
    SELECT text, trust, words, cardinality(words) AS count
    FROM unnest(%(texts)s::text[], %(trusts)s::float8[]) AS typed(text, trust),
         LATERAL tsvector_to_array(to_tsvector('russian', text)) AS words
),
compared AS (
    SELECT category.id, phrase.text AS phrase, asked.text AS asked, asked.trust, asked.count AS asked_words,
           length(phrase.words) AS phrase_words, similarity(asked.text, phrase.text) AS alike,
           (SELECT count(*) FROM unnest(asked.words) AS word WHERE word = ANY (tsvector_to_array(phrase.words))) AS met
    FROM tasks_app_category AS category
    CROSS JOIN asked
    CROSS JOIN LATERAL unnest(category.phrases, category.phrase_words) AS phrase(text, words)
    WHERE category.is_active
),
scored AS (
    SELECT id, phrase, trust * CASE WHEN met = 0 THEN 0.85 * alike ELSE
        0.6 * greatest(
            2.0 * met / (asked_words + phrase_words),
            CASE WHEN met = phrase_words THEN 0.95 - 0.5 / (1 + phrase_words * phrase_words) END,
            CASE WHEN met = asked_words THEN 0.8 END
        ) + 0.4 * greatest(alike, strict_word_similarity(phrase, asked) * (1 - 0.5 / phrase_words))
    END AS score
    FROM compared WHERE met > 0 OR alike > 0.3
),
placed AS (
    SELECT id, phrase, score, row_number() OVER (PARTITION BY id ORDER BY score DESC, phrase) AS place FROM scored
)
SELECT id, max(phrase) FILTER (WHERE place = 1), sum(score * CASE place WHEN 1 THEN 0.95 ELSE 0.05 END) AS total
FROM placed WHERE place <= 2
GROUP BY id HAVING max(score) >= %(noise)s
ORDER BY total DESC, id LIMIT %(limit)s
"""

_WORDS = """
SELECT DISTINCT word
FROM tasks_app_category, unnest(phrases) AS phrase, unnest(string_to_array(phrase, ' ')) AS word
WHERE is_active AND length(word) > 3
"""


# A word is known when its lexemes are those of the phrases; what has none (и, на, in) is known too.
_UNKNOWN = """
SELECT word FROM unnest(%(words)s::text[]) AS word
WHERE EXISTS (SELECT FROM unnest(tsvector_to_array(to_tsvector('russian', word))) AS lexeme WHERE lexeme <> ALL (ARRAY(
    SELECT unnest(tsvector_to_array(known)) FROM tasks_app_category, unnest(phrase_words) AS known WHERE is_active)))
"""
_ENDING = 2  # letters that a corrected word keeps, so that it stands in the same form


@dataclass(frozen=True, slots=True)
class CategoryMatch:
    """`score`: 0…1, the likeness of the best phrase; `phrase`: that phrase, in lower case."""

    category: Category
    score: float
    phrase: str


def search_categories(query: str, *, limit: int = 8) -> list[CategoryMatch]:
    """Active categories for the typed text, the likeliest first; empty when nothing is like it."""
    typed = " ".join(query.lower().replace("ё", "е").split())[:QUERY_LENGTH]
    if not typed:
        return []
    found = _find({typed: 1.0}, limit)
    if not found or found[0][2] < SURE:
        found = _find(_other_readings(typed), limit)
    categories = Category.objects.select_related("group").in_bulk([row[0] for row in found])
    return [CategoryMatch(categories[key], float(score), phrase) for key, phrase, score in found]


def well_written(query: str) -> str:
    """The text as it may stand in a title: as it was typed, in the other keyboard layout or with misspelt words put right;
    "" when a word looks misspelt and cannot be put right, or when no word of it is known here."""
    typed = " ".join(query.split())
    if not typed or len(typed) > QUERY_LENGTH:
        return ""
    for text in (typed, typed.translate(_TO_RUSSIAN), typed.translate(_TO_LATIN)):
        unknown = _unknown_words(text)
        if not unknown:
            return text
        corrected = _corrected(text, unknown)
        if corrected:
            return corrected
    return ""


def _unknown_words(text: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_UNKNOWN, {"words": _plain(text).split()})
        return {row[0] for row in cursor.fetchall()}


def _corrected(text: str, unknown: set[str]) -> str:
    """The text with each misspelt word put right. A word like no other here is no mistake, as long as some word is known;
    "" when one is near a known word of another ending."""
    known = _known_words()
    words: list[str] = []
    if not set(_plain(text).split()) - unknown and not any(_near(_plain(word), known) for word in text.split()):
        return ""
    for word in text.split():
        if _plain(word) not in unknown:
            words.append(word)
            continue
        right = _near(_plain(word), [other for other in known if other[-_ENDING:] == _plain(word)[-_ENDING:]], 0.8)
        if not right and _near(_plain(word), known):
            return ""
        words.append(right or word)
    return " ".join(words)


def _near(word: str, known: list[str], cutoff: float = 0.75) -> str:
    """The known word that differs by a letter or two; short words are near too many others to tell."""
    return next(iter(get_close_matches(word, known, n=1, cutoff=cutoff)), "") if len(word) > 3 else ""


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е")


def _known_words() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WORDS)
        return [row[0] for row in cursor.fetchall()]


def _other_readings(typed: str) -> dict[str, float]:
    """What may have been meant, each with how far to trust it: the other keyboard layout, the nearest known words."""
    readings = {typed: 1.0}
    for text in (typed.translate(_TO_RUSSIAN), typed.translate(_TO_LATIN)):
        readings.setdefault(text, 0.9)
    known = _known_words()
    nearest = (get_close_matches(word, known, n=1, cutoff=0.75) if len(word) > 4 else [] for word in typed.split())
    readings.setdefault(" ".join(match[0] for match in nearest if match) or typed, 0.85)
    return readings


def _find(readings: dict[str, float], limit: int) -> list[tuple[int, str, float]]:
    """`readings`: the texts that may have been meant, each with how far to trust it."""
    values: dict[str, Any] = {
        "texts": list(readings),
        "trusts": list(readings.values()),
        "noise": NOISE,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SEARCH, values)
        found: list[tuple[int, str, float]] = cursor.fetchall()
    return found
