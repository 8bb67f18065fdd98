"""A decided case with an appeal that waits, for the pages of appeals."""

from datetime import timedelta

from fraud import services as fraud
from fraud.models import Case, SecondReview
from marketplace.accounts.models import Appeal, User
from marketplace.kit.clock import now
from tests.journeys import steps


def appealed_case(owner: User, participant: User) -> Appeal:
    """A case that a moderator who is none of the two confirmed, and the executor's appeal."""
    deal = steps.choose(steps.respond(steps.post_task(by=owner), by=participant))
    cancellation = steps.cancel(deal)
    case = Case.objects.create(
        cancellation=cancellation, executor=participant, customer=owner, response=deal.response,
        score=0.9, rank=0.9, due_at=now() + timedelta(days=3),
    )  # fmt: skip
    fraud.decide_case(case_id=case.pk, by=steps.moderator(), outcome="confirmed", reason="Видно по месту.")
    return fraud.appeal_case(case_id=case.pk, by=participant, text="Я был у соседей.")


def third_look(appeal: Appeal) -> int:
    """The same case, contradicted by a second look; its number, for who may settle it."""
    case = Case.objects.get(pk=appeal.subject.removeprefix("case:"))
    contradiction = {
        "first": case.decisions.get(),
        "by": steps.moderator("Пётр Второй"),
        "outcome": "innocent",
        "decided_at": now(),
        "third_due_at": now() + timedelta(days=3),
    }
    return int(SecondReview.objects.update_or_create(case=case, defaults=contradiction)[0].pk)
