"""Sums in Russian words, held against a reader that knows nothing of the writer."""

import itertools

import pymorphy3
import pytest

from marketplace.kit.money import Money
from payments.documents.words import in_words, number_in_words

_VALUES = {
    "ноль": 0, "один": 1, "одна": 1, "два": 2, "две": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6, "семь": 7,
    "восемь": 8, "девять": 9, "десять": 10, "одиннадцать": 11, "двенадцать": 12, "тринадцать": 13,
    "четырнадцать": 14, "пятнадцать": 15, "шестнадцать": 16, "семнадцать": 17, "восемнадцать": 18,
    "девятнадцать": 19, "двадцать": 20, "тридцать": 30, "сорок": 40, "пятьдесят": 50, "шестьдесят": 60,
    "семьдесят": 70, "восемьдесят": 80, "девяносто": 90, "сто": 100, "двести": 200, "триста": 300,
    "четыреста": 400, "пятьсот": 500, "шестьсот": 600, "семьсот": 700, "восемьсот": 800, "девятьсот": 900,
}  # fmt: skip
_SCALES = {"тысяч": 1000, "миллион": 10**6, "миллиард": 10**9}


def read(words: str) -> int:
    """The number that the words say."""
    total = group = 0
    for word in words.split():
        scale = next((value for stem, value in _SCALES.items() if word.startswith(stem) and word not in _VALUES), 0)
        if scale:
            total, group = total + group * scale, 0
        else:
            group += _VALUES[word]
    return total + group


def boundary_numbers() -> list[int]:
    """Every number to 2,000; every one beside a power of ten, beside a multiple, and mixed, up to ten million and beyond."""
    near = {
        base * times + off
        for base in (10**3, 10**4, 10**5, 10**6, 10**7, 10**9)
        for times in range(1, 23)
        for off in range(-22, 23)
    }
    mixed = {a * 10**6 + b * 1000 + c for a, b, c in itertools.product((0, 1, 2, 5, 11, 21, 112), repeat=3)}
    return sorted(number for number in near | mixed | set(range(2000)) if number >= 0)


def test_the_words_say_the_number() -> None:
    wrong = [number for number in boundary_numbers() if read(number_in_words(number)) != number]
    assert wrong == []


def test_the_nouns_agree_with_their_numbers_as_the_dictionary_has_them() -> None:
    """рубль, копейка and тысяча take the forms of the morphological dictionary; thousands are feminine."""
    dictionary = pymorphy3.MorphAnalyzer()
    rouble, kopeck = dictionary.parse("рубль")[0], dictionary.parse("копейка")[0]
    for number in boundary_numbers():
        spelled = in_words(Money(number * 100 + number % 100)).split()
        assert spelled[-3] == rouble.make_agree_with_number(number).word, number
        assert spelled[-2:] == [f"{number % 100:02d}", kopeck.make_agree_with_number(number % 100).word], number
        if number < 10**6 and number >= 1000:
            said = number_in_words(number).split()
            place = next(i for i, word in enumerate(said) if word.startswith("тысяч"))
            assert said[place] == dictionary.parse("тысяча")[0].make_agree_with_number(number // 1000).word
            assert said[place - 1] not in ("один", "два")


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (0, "Ноль рублей 00 копеек"),
        (1, "Ноль рублей 01 копейка"),
        (100, "Один рубль 00 копеек"),
        (202, "Два рубля 02 копейки"),
        (1_111, "Одиннадцать рублей 11 копеек"),
        (2_121, "Двадцать один рубль 21 копейка"),
        (100_000, "Одна тысяча рублей 00 копеек"),
        (200_142, "Две тысячи один рубль 42 копейки"),
        (1_234_056, "Двенадцать тысяч триста сорок рублей 56 копеек"),
        (2_100_000, "Двадцать одна тысяча рублей 00 копеек"),
        (99_999_999, "Девятьсот девяносто девять тысяч девятьсот девяносто девять рублей 99 копеек"),
        (100_000_000, "Один миллион рублей 00 копеек"),
        (1_000_000_000, "Десять миллионов рублей 00 копеек"),
    ],
)
def test_sums_as_a_bookkeeper_writes_them(minor: int, words: str) -> None:
    assert in_words(Money(minor)) == words


def test_what_cannot_be_spelled_is_refused() -> None:
    for sum_ in (Money(-1), Money(10**14), Money(100, "USD")):
        with pytest.raises(ValueError, match="roubles"):
            in_words(sum_)
