"""The category's own questions."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasks_app.models import Question
from tasks_app.posting.content import DraftContent, Values
from tasks_app.posting.errors import AnswersRefused
from tasks_app.posting.parts.typed import text_of, whole_number

CHOICE, NUMBER, YES_NO = Question.Kind.CHOICE.value, Question.Kind.NUMBER.value, Question.Kind.YES_NO.value
TEXT_LENGTH = 300
NUMBER_LIMIT = 1_000_000


def clean(values: Values, content: DraftContent) -> Values:
    """Question key → answer. Questions that are gone are dropped; an unanswered optional one is left out."""
    if content.category is None:
        raise AnswersRefused({"category": _("Choose what kind of work it is.")})
    answers: Values = {}
    errors: dict[str, str | Promise] = {}
    for question in content.category.questions.all():
        given = values.get(question.key)
        if given is None or given == "":
            if question.required:
                errors[question.key] = _("Please answer this question.")
            continue
        answer, wrong = _answer(question, given)
        if wrong is not None:
            errors[question.key] = wrong
        elif answer != "":
            answers[question.key] = answer
    if errors:
        raise AnswersRefused(errors)
    return answers


def _answer(question: Question, given: Any) -> tuple[Any, str | Promise | None]:
    if question.kind == Question.Kind.CHOICE:
        known = {option["key"] for option in question.options}
        return (given, None) if isinstance(given, str) and given in known else ("", _("Choose one of the answers."))
    if question.kind == Question.Kind.YES_NO:
        return (given, None) if given in ("yes", "no") else ("", _("Answer yes or no."))
    if question.kind == Question.Kind.NUMBER:
        number = whole_number(given)
        if number is None or not 0 <= number <= NUMBER_LIMIT:
            return "", _("Write a whole number, for example 2.")
        return number, None
    text = text_of(given)
    return (text, None) if len(text) <= TEXT_LENGTH else ("", _("This is too long: at most 300 characters."))
