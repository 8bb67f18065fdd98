"""The order of the screens on which a task is written."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasks_app.models import TaskDraft
from tasks_app.posting.content import DraftContent

# step → the words of the button that leads to it
STEPS: dict[str, str | Promise] = {
    "category": _("Next: the kind of work"),
    "questions": _("Next: a few questions"),
    "details": _("Next: the details"),
    "place": _("Next: the place"),
    "when": _("Next: the time"),
    "budget": _("Next: the budget"),
    "photos": _("Next: photos"),
    "preview": _("Next: check the task"),
}

EDITS: dict[str, tuple[str | Promise, str]] = {
    "category": (_("Kind of work"), "grid"),
    "questions": (_("Answers to questions"), "question"),
    "details": (_("Title and details"), "edit"),
    "place": (_("Place"), "pin"),
    "when": (_("Time"), "clock"),
    "budget": (_("Price"), "ruble"),
    "photos": (_("Photos"), "photo"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a screen stands: `at` of `of`, the addresses before and after it, and the words of the next button."""

    at: int
    of: int
    back: str
    next: str
    next_label: str | Promise


def address(draft: TaskDraft, step: str) -> str:
    return reverse(f"posting:{step}", args=[draft.public_id])


def steps_of(content: DraftContent) -> list[str]:
    """All screens up to the preview; a category without questions of its own has one less."""
    asks = content.category is not None and len(content.category.questions.all()) > 0
    return [step for step in STEPS if step != "questions" or asks]


def progress(draft: TaskDraft, step: str, *, returning: bool) -> Progress:
    """`returning`: the screen was opened from the preview and leads back to it."""
    order = steps_of(DraftContent(draft.data))
    place = order.index(step)
    before = reverse("posting:start") if place == 0 else address(draft, order[place - 1])
    after = "preview" if returning else order[place + 1]
    label = _("Save") if returning else STEPS[after]
    back = address(draft, "preview") if returning else before
    return Progress(place + 1, len(order) - 1, back, address(draft, after), label)


def edits_of(draft: TaskDraft) -> list[dict[str, str]]:
    """The screens that the preview leads back to."""
    order = [step for step in steps_of(DraftContent(draft.data)) if step in EDITS]
    return [
        {"label": str(EDITS[step][0]), "icon": EDITS[step][1], "href": f"{address(draft, step)}?from=preview"}
        for step in order
    ]


def first_gap(draft: TaskDraft, *, before: str | None = None) -> str | None:
    """The first screen (of those before the named one) that was never saved."""
    order = [step for step in steps_of(DraftContent(draft.data)) if step not in ("photos", "preview")]
    if before in order:
        order = order[: order.index(before)]
    return next((step for step in order if step not in draft.data), None)
