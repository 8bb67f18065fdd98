"""Looks through the last 90 days for indications besides positions. Every finder reads other packages' selectors only
and finds the same things again when asked again."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import transaction

from fraud.models import Signal
from fraud.signals.found import Found
from fraud.signals.unusual import unusual_people
from marketplace.accounts import selectors as people
from marketplace.chat import selectors as chat
from marketplace.kit.clock import now
from marketplace.trust import selectors as trust
from payments import selectors as payments
from tasks_app import selectors as tasks

LOOKED_BACK = timedelta(days=90)
REPOSTED_WITHIN = timedelta(days=7)
Finder = Callable[[datetime], Iterator[Found]]


def find_signals() -> int:
    """Run every finder; what is found again is renewed, what is no longer true keeps its date. How many were found."""
    since = now() - LOOKED_BACK
    done = 0
    for finder in FINDERS:
        for found in finder(since):
            keep(found)
            done += 1
    return done


@transaction.atomic
def keep(found: Found) -> Signal:
    row, _created = Signal.objects.update_or_create(
        kind=found.kind,
        person_id=found.person,
        subject=found.subject,
        defaults={
            "side": found.side,
            "other_id": found.other,
            "cancellation_id": found.cancellation,
            "params": found.params,
            "score": round(min(1.0, found.score), 4),
            "at": found.at,
        },
    )
    return row


def _contacts(since: datetime) -> Iterator[Found]:
    for row in chat.threads_with_masked_contacts(since=since):
        yield Found(
            "contacts", row.executor_id, f"thread:{row.pk}", row.masked_contacts / 5, row.last_message_at,
            {"count": row.masked_contacts}, other=row.customer_id,
        )  # fmt: skip


def _repeated_reviews(since: datetime) -> Iterator[Found]:
    for row in trust.repeated_texts(since=since):
        params = {"others": row.others}
        yield Found("repeated_review", row.author_id, f"review:{row.review_id}", 0.3 + 0.2 * row.others, row.at, params,
                    other=row.about_id)  # fmt: skip


def _devices(since: datetime) -> Iterator[Found]:
    pairs = [(a, b, "phone", 0.9) for a, b in tasks.people_sharing_a_device(since=since)]
    parties = tasks.pairs_that_cancelled(since=since)
    pairs += [(a, b, "browser", 0.7) for a, b in people.people_sharing_a_browser(parties)]
    names = people.public_names({one for pair in pairs for one in pair[:2]})
    for a, b, what, score in pairs:
        for one, other in ((a, b), (b, a)):
            params = {"what": what, "other": names.get(other, "")}
            yield Found("shared_device", one, f"{what}:{other}", score, now(), params, other=other)


def _refunds(since: datetime) -> Iterator[Found]:
    for row in payments.refund_shares(since=since, paid_from=8, share_from=0.6):
        params = {"refunded": row.refunded, "paid": row.paid}
        yield Found("refunds", row.user_id, "90 days", row.refunded / row.paid, now(), params)


def _fake_tasks(since: datetime) -> Iterator[Found]:
    for row in tasks.customers_who_never_choose(since=since, tasks_from=5, responses_from=10):
        params = {"tasks": row.tasks, "responses": row.responses}
        yield Found("fake_tasks", row.customer_id, "90 days", row.responses / 50, now(), params)


def _reposted(since: datetime) -> Iterator[Found]:
    for row in tasks.reposts_after_cancellation(since=since, within=REPOSTED_WITHIN):
        params = {"hours": max(1, round((row.posted_at - row.cancelled_at) / timedelta(hours=1)))}
        yield Found(
            "reposted", row.customer_id, f"cancellation:{row.cancellation_id}", 0.5, row.posted_at, params,
            other=row.executor_id, cancellation=row.cancellation_id, side="against",
        )  # fmt: skip


def _pairs(since: datetime) -> Iterator[Found]:
    for row in tasks.pairs_by_cancellations(since=since, cancelled_from=2):
        params = {"cancelled": row.cancelled, "deals": row.deals}
        yield Found("pair", row.executor_id, f"with:{row.customer_id}", row.cancelled / 5, row.last_at, params,
                    other=row.customer_id)  # fmt: skip


def _unusual(since: datetime) -> Iterator[Found]:
    masked = {row.response_id for row in chat.threads_with_masked_contacts(since=since)}
    for person in unusual_people(tasks.executor_habits(since=since), masked):
        params = {"parts": person.parts}
        yield Found("unusual", person.executor_id, "90 days", person.score / 10, now(), params, side="note")


FINDERS: tuple[Finder, ...] = (
    _contacts, _repeated_reviews, _devices, _refunds, _fake_tasks, _reposted, _pairs, _unusual,
)  # fmt: skip
