"""Lives the cancellations through the real services, each step at its own moment: cancelled, answered, looked at by the evidence rule,
decided by a moderator or by time, refunded."""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count

from demo.books import Ledger
from demo.cancelled import Cancelled
from demo.cast import Staff
from demo.texts import read
from fraud import services as fraud
from fraud.learning.figures import take_figures
from fraud.models import Case, Evidence, SecondReview
from marketplace.accounts.models import User
from marketplace.kit import clock
from payments import services as payments
from tasks_app import services as tasks
from tasks_app.assignments.windows import refund_moment
from tasks_app.models import Assignment, Cancellation

Step = Callable[[datetime], None]
FIGURE_DAYS = 28  # so that the operator's charts have a past


@contextmanager
def travelling() -> Iterator[Callable[[datetime], None]]:
    """Inside, the given function sets the present moment of everything; afterwards the clock is as it was."""
    before, present = (clock._source, clock._of_machine), [clock.now()]
    clock.use_source(lambda: present[0])
    try:
        yield lambda moment: present.__setitem__(0, moment)
    finally:
        clock.use_source(*before)


class Replay:
    def __init__(self, ledger: Ledger, staff: Staff, now: datetime) -> None:
        self.ledger, self.staff, self.now = ledger, staff, now
        self._queue: list[tuple[datetime, int, Step]] = []
        self._order = count()
        self._written = datetime.min.replace(tzinfo=now.tzinfo)

    def at(self, moment: datetime, step: Step) -> None:
        if moment <= self.now:
            heapq.heappush(self._queue, (moment, next(self._order), step))

    def _books_up_to(self, moment: datetime) -> None:
        """Statements read in the order of time, to half a day."""
        if moment - self._written >= timedelta(hours=12):
            self._written = moment
            self.ledger.flush(moment + timedelta(hours=12))

    def run(self, deals: list[Cancelled]) -> None:
        assignments = {a.response_id: a for a in Assignment.objects.filter(response__in=[d.plan.chosen for d in deals])}
        for deal in deals:
            assert deal.plan.chosen is not None  # noqa: S101
            self.at(deal.at, self._cancel(deal, assignments[deal.plan.chosen.pk]))
        with travelling() as to:
            while self._queue:
                moment, _order, step = heapq.heappop(self._queue)
                to(moment)
                step(moment)
        for back in range(FIGURE_DAYS, -1, -1):
            take_figures(back=back)

    def _cancel(self, deal: Cancelled, assignment: Assignment) -> Step:
        customer, executor = deal.plan.customer.user, deal.executor.user
        by, other = (executor, customer) if deal.by_executor else (customer, executor)

        def step(moment: datetime) -> None:
            self._books_up_to(moment)
            cancellation = tasks.cancel_assignment(assignment_id=assignment.pk, by=by, reason=deal.reason)
            for row in Evidence.objects.filter(cancellation_id=cancellation.pk):
                self.at(row.due_at + timedelta(seconds=30), self._collect(cancellation.pk, row.moment, deal))
            if deal.dice.chance(0.6):
                self.at(moment + deal.dice.minutes(8, 300), self._answer(cancellation.pk, other, deal))
            due = refund_moment(cancelled_at=moment, window_end=assignment.window_end)
            self.at(due + timedelta(minutes=1), self._pay)

        return step

    def _answer(self, cancellation_id: int, by: User, deal: Cancelled) -> Step:
        if deal.by_executor:
            reason, fault = deal.dice.pick(
                [("agreed", "nobody"), ("plans_changed", "customer"), ("circumstances", "nobody")]
            )
        else:
            reason, fault = deal.dice.pick(
                [("agreed", "nobody"), ("customer_asked", "customer"), ("circumstances", "nobody")]
            )
        return lambda _moment: _ignore(
            tasks.answer_cancellation(cancellation_id=cancellation_id, by=by, reason=reason, at_fault=fault)
        )

    def _collect(self, cancellation_id: int, moment_name: str, deal: Cancelled) -> Step:
        def step(moment: datetime) -> None:
            fraud.collect_evidence(cancellation_id=cancellation_id, moment=moment_name)
            if moment_name == Evidence.Moment.PLUS_2H:
                case = Case.objects.filter(cancellation_id=cancellation_id).first()
                if case is not None and deal.dice.chance(0.85):
                    # The desk is quick, but not tonight: what is fresh still waits for the visitor of the demo.
                    decided = moment + deal.dice.minutes(50 * 60, 70 * 60)
                    self.at(decided, self._decide(case.pk, deal))
                self.at(moment + timedelta(hours=72, minutes=1), self._expire)

        return step

    def _decide(self, case_id: int, deal: Cancelled) -> Step:
        def step(moment: datetime) -> None:
            case = Case.objects.get(pk=case_id)
            if case.status == Case.Status.CLOSED:
                return
            self._books_up_to(moment)
            moderator = self.staff.moderator if deal.dice.chance(0.75) else self.staff.appeals
            fraud.take_case(case_id=case_id, by=moderator)
            outcome = deal.dice.pick(["confirmed", "confirmed", "plausible"]) if deal.kind == "leak" else "innocent"
            keep = outcome == "confirmed" and case.holds_refund
            fraud.decide_case(
                case_id=case_id,
                by=moderator,
                outcome=outcome,
                reason=deal.dice.say(deal.dice.pick(read("desk")[outcome])),
                keep_fee=keep,
                strike=keep and deal.dice.chance(0.5),
            )
            drawn = SecondReview.objects.filter(case=case).first()
            if drawn is not None and deal.dice.chance(0.6):
                other = self.staff.appeals if moderator == self.staff.moderator else self.staff.moderator
                again = outcome if deal.dice.chance(0.85) else "cannot_tell"
                self.at(moment + deal.dice.minutes(10 * 60, 30 * 60), self._look_again(drawn.pk, other, again))

        return step

    def _look_again(self, review_id: int, by: User, outcome: str) -> Step:
        def step(_moment: datetime) -> None:
            fraud.decide_second(review_id=review_id, by=by, outcome=outcome)

        return step

    def _expire(self, moment: datetime) -> None:
        self._books_up_to(moment)
        fraud.expire_overdue_holds()
        fraud.settle_overdue()

    def _pay(self, moment: datetime) -> None:
        self._books_up_to(moment)
        payments.pay_due_refunds()


def _ignore(_made: Cancellation) -> None:
    return None
