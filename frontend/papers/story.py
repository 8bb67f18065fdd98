"""«What was this charge for?»: everything that the journal and the task's history say of one line."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from frontend import words
from frontend.wallet import words as statement_words
from marketplace.kit.errors import NotFound
from marketplace.kit.policy import Denied
from payments import selectors as payments
from payments.selectors import CardLine, ChargeView, StatementLine
from tasks_app import selectors as tasks

if TYPE_CHECKING:
    from marketplace.accounts.models import User
    from tasks_app.models import Response


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened, or will: `kind` as the timeline component has it."""

    title: str
    when: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """`facts`: name and value; `verdict`: why it did or did not come back; `other_line`: the fee of a refund, the refund
    of a fee."""

    facts: list[tuple[str, str]]
    steps: list[Step] = field(default_factory=list)
    verdict: str = ""
    may_come_back: list[str] = field(default_factory=list)
    other_line: int | None = None
    may_ask_back: int | None = None


def story_of(line: StatementLine, user: "User") -> Story:
    """All of it for a fee and for its refund; the plain facts for every other line."""
    charge = payments.charge_for(line.response_id, user_id=user.pk) if line.response_id else None
    response = _response(line, user)
    if charge is None or response is None:
        return Story(_facts(line))
    ask = tasks.may_ask_fee_back(response)
    refusal = str(ask.reason) if isinstance(ask, Denied) and charge.status == "charged" else ""
    ways = _may_come_back(charge, response)
    return Story(
        facts=[*_facts(line), *_terms(charge, response)],
        steps=_steps(charge, response),
        verdict=_verdict(charge, refusal, open_yet=bool(ways)),
        may_come_back=ways,
        other_line=payments.other_line(user_id=user.pk, line_id=line.id),
        may_ask_back=response.pk if ask else None,
    )


def story_past_wallet(line: CardLine, others: list[CardLine]) -> Story:
    """The facts of a movement past the wallet, and the other movements of the same deal or subscription."""
    means = _("Your account for payouts") if line.to_account else _("Your card")
    told = sorted(others, key=lambda other: other.at)
    return Story(
        facts=[
            (_("When"), words.moment(line.at)),
            (pgettext("money", "From") if line.amount.minor < 0 else pgettext("money", "To"), means),
            (_("Category and city") if line.subscription_id else pgettext("money", "Deal"), line.about),
            (_("Entry of the journal"), f"J{line.id}"),
        ],
        steps=[Step(f"{other.title}, {other.size.format()}", words.moment(other.at)) for other in told],
    )


def _response(line: StatementLine, user: "User") -> "Response | None":
    if line.response_id is None:
        return None
    try:
        return tasks.response_visible_to(user, line.response_id)
    except NotFound:
        return None


def _facts(line: StatementLine) -> list[tuple[str, str]]:
    return [(_("When"), words.moment(line.at)), (_("Line of the journal"), str(line.id))]


def _terms(charge: ChargeView, response: "Response") -> list[tuple[str, str]]:
    """What was bought, at which price, frozen when."""
    tariff = payments.frozen_tariff(response.pk)
    place = f"{response.task.category.name}, {response.task.city.name}"
    terms = [(_("What for"), _("A response to the task, sent %(when)s") % {"when": words.moment(response.created_at)})]
    if tariff is not None:
        price = _("%(price)s, in force since %(day)s") % {
            "price": tariff.fee.format(),
            "day": words.day(tariff.valid_from),
        }
        terms += [(_("Category and city"), place), (_("Price, frozen when you sent it"), price)]
    return terms


def _steps(charge: ChargeView, response: "Response") -> list[Step]:
    """What happened since, in the order of time, the coming step last."""
    steps = [(charge.charged_at, Step(_("Sent and charged"), words.moment(charge.charged_at)))]
    if response.seen_at is not None:
        steps.append((response.seen_at, Step(_("The customer opened it"), words.moment(response.seen_at))))
    steps += [(event.at, Step(_TOLD[event.entered](), words.moment(event.at))) for event in response.events.all()
              if event.left != event.entered and event.entered in _TOLD]  # fmt: skip
    if charge.paid_at is not None:
        steps.append((charge.paid_at, Step(_("The fee came back"), words.moment(charge.paid_at))))
    told = [step for _at, step in sorted(steps, key=lambda pair: pair[0])]
    if charge.paid_at is None and charge.status == "refund_pending":
        until = charge.held_until or charge.returns_at
        told.append(Step(_("The fee comes back"), words.moment(until) if until else "", "waiting"))
    return told


_TOLD = {
    "accepted": lambda: _("You were chosen"),
    "not_chosen": lambda: _("Somebody else was chosen"),
    "withdrawn": lambda: _("You took the response back"),
    "closed": lambda: _("The task was closed"),
}


def _may_come_back(charge: ChargeView, response: "Response") -> list[str]:
    """Once chosen only a cancellation of the deal returns the fee; when the deal is over nothing does by itself."""
    reasons = statement_words.may_come_back(charge)
    if response.status != "accepted":
        return reasons
    return [] if response.assignment.status in ("accepted", "cancelled") else reasons[-1:]


def _verdict(charge: ChargeView, refusal: str, *, open_yet: bool) -> str:
    """Why the money is back, is coming, or stays; `open_yet`: it may still come back by itself."""
    rule = next((str(text) for rule, text in payments.RULE_SENTENCES.items() if rule == charge.rule), "")
    if charge.status == "refunded":
        return _("It came back: %(why)s") % {"why": rule}
    if charge.status == "refund_pending":
        return _("It is coming back: %(why)s") % {"why": rule}
    if charge.status == "kept":
        return _("It stays: a moderator decided so. You can appeal on the page of the check.")
    if charge.opened_at is None:
        return _("It has not come back yet: the customer still has time to open your response.")
    if not refusal:
        return _("You can ask for it back now.")
    said = _("It has not come back so far. %(why)s") if open_yet else _("It has not come back: %(why)s")
    return said % {"why": refusal}
