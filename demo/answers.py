"""Answers to a category's questions that agree with what the person wrote: the words decide, where they speak of it."""

import re

from demo.dice import Dice
from demo.texts import read
from tasks_app.models import Question

Answer = str | int
UNSAID = "-"
_NUMBERS = {
    "area": (18, 95), "floor": (1, 16), "floor-from": (1, 12), "weight": (20, 400), "age": (2, 12), "guests": (8, 70),
    "sum": (600, 5000), "slides": (10, 25), "pages": (2, 15), "diagonal": (43, 75), "minutes": (1, 5), "length": (1, 5),
    "count": (2, 6), "hours": (2, 5), "retouch": (20, 60), "children": (6, 16), "load": (1, 6), "addresses": (6, 20),
}  # fmt: skip
_TEXTS = {"brand": ["Bosch, модель на фото", "LG, модель не помню", "Indesit", "Haier", "Атлант"],
          "model": ["пришлю фото таблички", "модель напишу в чате", "Samsung, год не помню"]}  # fmt: skip


def answers_to(dice: Dice, category: str, questions: list[Question], words: str) -> dict[str, Answer]:
    """`words`: the title and the details. Some questions stay unanswered, as people leave them."""
    told = read("answers").get(category, {})
    answers: dict[str, Answer] = {}
    for question in questions:
        if not dice.chance(0.85):
            continue
        answer = told_by(told.get(question.key, {}), words)
        if answer is None:
            answer = _any(dice, question)
        if answer is not None and answer != UNSAID:
            answers[question.key] = answer
    return answers


def told_by(patterns: dict[str, Answer], words: str) -> Answer | None:
    """What the words say of a question: the first pattern that is found. None when they are silent."""
    for pattern, answer in patterns.items():
        found = re.search(pattern, words.lower())
        if found:
            return _number(found[1]) if answer == "#" else answer
    return None


def _number(written: str) -> Answer:
    return int(written) if written.isdecimal() else written.upper()


def _any(dice: Dice, question: Question) -> Answer | None:
    if question.kind == Question.Kind.CHOICE:
        key: str = dice.pick(question.options)["key"]
        return key
    if question.kind == Question.Kind.YES_NO:
        return dice.pick(["yes", "no"])
    if question.kind == Question.Kind.NUMBER:
        return dice.randint(*_NUMBERS.get(question.key, (1, 4)))
    return dice.pick(_TEXTS[question.key]) if question.key in _TEXTS else None
