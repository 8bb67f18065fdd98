"""Ready questions to the two sides: each reader gets theirs in their own language."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DUE_HOURS = (4, 12, 24, 48)


@dataclass(frozen=True, slots=True)
class Question:
    code: str
    text: Promise


QUESTIONS: tuple[Question, ...] = (
    Question(
        "what_happened",
        _("The deal was cancelled, but the executor was at the address at the agreed time. What happened?"),
    ),
    Question("done_or_not", _("Was the work done after the cancellation, by this executor or by somebody else?")),
    Question("why_cancelled", _("Why was the deal cancelled, and who proposed it?")),
    Question("let_in", _("Did the executor come, and was the executor let in?")),
)
_BY_CODE = {question.code: question for question in QUESTIONS}


def question_text(code: str, words: str) -> str:
    """The ready question in the reader's language, and the moderator's own words after it."""
    ready = str(_BY_CODE[code].text) if code in _BY_CODE else ""
    return " ".join(part for part in (ready, words) if part)


def is_known(code: str) -> bool:
    return code in _BY_CODE
