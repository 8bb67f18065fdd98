"""What takes several steps: a secure deal from the payment to its end, a subscription from the first month to the last.

Each step is a wish of its own. A step without a key of its own (start, accept, cancel …) that is refused after a lost answer
stays open in the journal; how things stand is then asked, as a person would.
"""

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.soak.traffic import Traffic, Wish

PART_MINOR = 100_000
MONTH_MINOR = 149_000
MONTH_SECONDS = 31 * 86_400

Story = Callable[["Traffic"], None]
Body = dict[str, Any]


class DealStory:
    """A customer chooses a response by paying; the deal comes to one of five ends."""

    def __init__(
        self, response: "Wish", customer: Body, executor: Body, moderator: Body, chance: random.Random
    ) -> None:
        self.response, self.customer, self.executor, self.chance = response, customer, executor, chance
        self.moderator = moderator

    def __call__(self, traffic: "Traffic") -> None:
        body = {"method": "card", "card_id": self.customer["card"]}
        path = f"/responses/{self.response.answer_id}/secure-deal"
        chosen = traffic.wish("choose", self.customer, path, body, subject=self.response.subject)
        if chosen.outcome != "done":
            return
        held = traffic.until(self.customer, f"/secure-deals/{chosen.answer_id}", _is_bound_or_over)
        if held.get("status") != "held":
            return  # the task ended first: the money is on its way back
        self.number, self.about = int(held["assignment_id"]), chosen.answer_id
        ends = (self._accepted, self._given_back_early, self._cancelled_by_executor, self._in_part, self._divided)
        self.chance.choices(ends, weights=(35, 20, 10, 15, 20))[0](traffic)

    def _accepted(self, traffic: "Traffic") -> None:
        if self._worked(traffic) and self._step(traffic, "accept", self.customer, "accept").outcome == "done":
            money = traffic.until(
                self.executor, f"/deals/{self.number}/money", lambda deal: deal["status"] == "settled"
            )
            if money:
                self._paid_out(traffic, money["to_executor"]["minor"])

    def _paid_out(self, traffic: "Traffic", minor: int) -> None:
        """From the executor's account at the processor to the bank; the site is only told."""
        what: Body = {"amount": minor, "currency": "rub"}
        how: Body = {"stripe_account": self.executor["account"], "idempotency_key": f"payout-{self.about}"}
        traffic.at_processor("payout", self.executor, self.about, lambda bank: bank.v1.payouts.create(what, how))

    def _given_back_early(self, traffic: "Traffic") -> None:
        self._step(traffic, "cancel_deal", self.customer, "cancel", {"reason": "plans_changed"})

    def _cancelled_by_executor(self, traffic: "Traffic") -> None:
        self._step(traffic, "start", self.executor, "start")
        self._step(traffic, "cancel_deal", self.executor, "cancel", {"reason": "customer_asked"})

    def _in_part(self, traffic: "Traffic") -> None:
        if self._worked(traffic):
            offer = {"amount_minor": PART_MINOR, "reason": "Сделана половина"}
            if self._step(traffic, "offer_part", self.customer, "part", offer).outcome == "done":
                self._step(traffic, "agree_part", self.executor, "part-answer", {"agree": True})

    def _divided(self, traffic: "Traffic") -> None:
        """The customer says what is wrong; a moderator divides the money at the desk."""
        if not self._worked(traffic):
            return
        self._step(traffic, "dispute", self.customer, "dispute", {"reason": "Сделано не всё"})
        if traffic.until(self.executor, f"/deals/{self.number}", lambda deal: True).get("status") == "disputed":
            share = self.chance.choice(("half", "nothing", "all"))
            body = {"share": share, "at_fault": "unknown", "reason": "Сделана половина."}
            traffic.wish("divide", self.moderator, f"/desk/disputes/{self.number}/divide/", body, subject=self.about)

    def _worked(self, traffic: "Traffic") -> bool:
        self._step(traffic, "start", self.executor, "start")
        self._step(traffic, "finish", self.executor, "done")
        return traffic.until(self.executor, f"/deals/{self.number}", lambda deal: True).get("status") == "done"

    def _step(self, traffic: "Traffic", kind: str, who: Body, verb: str, body: Body | None = None) -> "Wish":
        return traffic.wish(kind, who, f"/deals/{self.number}/{verb}", body or {}, subject=self.about)


class SubscriptionStory:
    """An executor subscribes; months go by at the processor; it is paused and resumed, or ends in one of four ways."""

    def __init__(self, person: Body, place: Body, start: int, chance: random.Random) -> None:
        self.person, self.place, self.moment, self.chance = person, place, start, chance

    def __call__(self, traffic: "Traffic") -> None:
        body = {**self.place, "agreed_minor": MONTH_MINOR, "card_id": self.person["card"], "language": "ru"}
        made = traffic.wish("subscribe", self.person, "/wallet/subscriptions", body, subject=self.person["card"])
        self.about = made.answer_id
        if made.outcome != "done" or not self._becomes_active(traffic):
            return
        for _month in range(self.chance.choice((0, 1, 2))):
            self._month_goes_by(traffic, "renew")
        ends = (
            self._cancelled, self._given_back, self._fails_and_recovers, self._paused, self._paused_and_resumed,
            lambda _traffic: None,
        )  # fmt: skip
        self.chance.choices(ends, weights=(20, 20, 20, 15, 15, 10))[0](traffic)

    def _cancelled(self, traffic: "Traffic") -> None:
        self._verb(traffic, "end_subscription", "do/cancel")
        self._month_goes_by(traffic, "month_after_end")

    def _given_back(self, traffic: "Traffic") -> None:
        self._verb(traffic, "refund_month", "do/refund")

    def _fails_and_recovers(self, traffic: "Traffic") -> None:
        traffic.at_processor("card_breaks", self.person, self.about, self._break_card)
        self._month_goes_by(traffic, "failed_renewal")
        self._verb(traffic, "other_card", "card", {"card_id": self.person["card"]})

    def _paused(self, traffic: "Traffic") -> None:
        """The bill of a paused month is no bill."""
        if self._verb(traffic, "pause", "do/pause").outcome == "done":
            self._month_goes_by(traffic, "month_paused")

    def _paused_and_resumed(self, traffic: "Traffic") -> None:
        """The time that was left is used, then the next month is paid, once."""
        if self._verb(traffic, "pause", "do/pause").outcome != "done":
            return
        if self._verb(traffic, "resume", "do/resume").outcome == "done":
            self._month_goes_by(traffic, "renew")

    def _becomes_active(self, traffic: "Traffic") -> bool:
        path = f"/wallet/subscriptions/{self.about}"
        return traffic.until(self.person, path, lambda row: row["status"] != "pending").get("status") == "active"

    def _month_goes_by(self, traffic: "Traffic", kind: str) -> None:
        self.moment += MONTH_SECONDS
        moment = self.moment

        def advance(bank: Any) -> None:
            """Said twice it is the same moment, which the processor refuses."""
            clock = bank.v1.test_helpers.test_clocks.retrieve(self.person["clock"])
            if clock.frozen_time < moment:
                bank.v1.test_helpers.test_clocks.advance(self.person["clock"], {"frozen_time": moment})

        traffic.at_processor(kind, self.person, self.about, advance)

    def _break_card(self, bank: Any) -> None:
        rows = bank.v1.subscriptions.list({"customer": self.person["customer"]}).data
        for row in rows:
            bank.v1.subscriptions.update(row.id, {"default_payment_method": self.person["broken_card"]})

    def _verb(self, traffic: "Traffic", kind: str, verb: str, body: Body | None = None) -> "Wish":
        return traffic.wish(
            kind, self.person, f"/wallet/subscriptions/{self.about}/{verb}", body or {}, subject=self.about
        )


def _is_bound_or_over(deal: Body) -> bool:
    return bool(deal["assignment_id"]) or deal["status"] != "awaiting_payment"
