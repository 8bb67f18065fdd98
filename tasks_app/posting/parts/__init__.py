"""The parts a task is written in, one screen each. A part's `clean(values, content)` returns what may be saved or raises
AnswersRefused; what it returned goes through it again unchanged, so that publishing checks everything once more."""

from collections.abc import Callable

from tasks_app.posting.content import DraftContent, Values
from tasks_app.posting.parts import budget, category, details, place, questions, when

CLEAN: dict[str, Callable[[Values, DraftContent], Values]] = {
    "category": category.clean,
    "questions": questions.clean,
    "details": details.clean,
    "place": place.clean,
    "when": when.clean,
    "budget": budget.clean,
}

__all__ = ["CLEAN"]
