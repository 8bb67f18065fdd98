"""The three ways money comes in by card, and its way back."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from payments.intents.handlers import Outcome, metadata_of, outcome_of_payment, require_amount
from payments.ledger.services import reverse_entry
from payments.models import Entry, Intent
from payments.stripe_gateway import checkout, payments, refunds
from payments.stripe_gateway.checkout import CheckoutPage
from payments.stripe_gateway.payments import PaymentState
from payments.stripe_gateway.refunds import RefundState
from payments.topups import automatic, news
from payments.topups.booking import book_top_up, reserved_refund
from payments.topups.cards import keep_card
from payments.topups.customers import customer_of, known_customer


def state_address(intent: Intent) -> str:
    """Where the person reads how it stands, and where the processor sends them back to."""
    language = intent.details.get("language", settings.LANGUAGE_CODE)
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    return f"{settings.SITE_URL}{prefix}/wallet/top-up/{intent.pk}/"


def title_of(intent: Intent) -> str:
    with translation.override(intent.details.get("language", settings.LANGUAGE_CODE)):
        return _("Poruchi: wallet top-up")


class Booking:
    """What all ways in share."""

    def book(self, intent: Intent, outcome: Outcome) -> Entry:
        return book_top_up(intent, outcome)

    def after(self, intent: Intent) -> None:
        if intent.details.get("keep_card") and (card := intent.details.get("card")):
            keep_card(user_id=intent.user_id, card=card)
        news.topped_up(intent)

    def failed(self, intent: Intent) -> None:
        """The person reads why on the page they are on."""


class ByPage(Booking):
    """The processor's own page; the person may try several cards on it."""

    def call(self, intent: Intent) -> Outcome:
        address = state_address(intent)
        page = checkout.open_page(
            key=intent.idempotency_key,
            amount=intent.amount,
            customer_id=customer_of(intent.user_id),
            title=title_of(intent),
            success_url=f"{address}?from=page",
            cancel_url=f"{address}?from=page",
            metadata=metadata_of(intent),
            language=intent.details.get("language", settings.LANGUAGE_CODE),
            keep_card=bool(intent.details.get("keep_card")),
        )
        return _of_page(intent, page)

    def look_up(self, intent: Intent) -> Outcome | None:
        if intent.processor_id:
            return _of_page(intent, checkout.page(intent.processor_id))
        customer = known_customer(intent.user_id)
        page = checkout.find_page(operation=intent.operation, since=intent.created_at, customer_id=customer)
        return _of_page(intent, page) if page is not None else None


class ByCard(Booking):
    """A saved card, the person present: the bank may ask them to confirm."""

    off_session = False

    def call(self, intent: Intent) -> Outcome:
        return _of_payment(
            intent,
            payments.charge_saved_card(
                key=intent.idempotency_key,
                amount=intent.amount,
                customer_id=customer_of(intent.user_id),
                card_id=intent.details["card_id"],
                metadata=metadata_of(intent),
                description=title_of(intent),
                off_session=self.off_session,
                return_url=f"{state_address(intent)}?from=bank",
            ),
        )

    def look_up(self, intent: Intent) -> Outcome | None:
        if intent.processor_id:
            return _of_payment(intent, payments.payment(intent.processor_id))
        customer = known_customer(intent.user_id)
        found = payments.find_payment(operation=intent.operation, since=intent.created_at, customer_id=customer)
        return _of_payment(intent, found) if found is not None else None


class Automatic(ByCard):
    """A saved card, the person away, as they agreed. A refusal stops it until they mend it."""

    off_session = True

    def call(self, intent: Intent) -> Outcome:
        if not automatic.still_agreed(intent):  # an earlier try may have been faster than their word
            return self.look_up(intent) or Outcome("cancelled", "", refusal_code="not_agreed_any_more")
        return super().call(intent)

    def failed(self, intent: Intent) -> None:
        if not automatic.still_agreed(intent):
            return
        automatic.pause(user_id=intent.user_id, code=intent.refusal_code or "declined", intent_id=intent.pk)


class BackToCard:
    """Unused money back to the card it came from; it left the wallet when it was asked for."""

    def call(self, intent: Intent) -> Outcome:
        return _of_refund(
            refunds.refund_payment(
                key=intent.idempotency_key,
                payment_id=intent.details["payment_id"],
                amount=intent.amount,
                metadata=metadata_of(intent),
            )
        )

    def look_up(self, intent: Intent) -> Outcome | None:
        if intent.processor_id:
            return _of_refund(refunds.refund(intent.processor_id))
        found = refunds.find_refund(
            operation=intent.operation, since=intent.created_at, payment_id=intent.details["payment_id"]
        )
        return _of_refund(found) if found is not None else None

    def book(self, intent: Intent, outcome: Outcome) -> Entry:
        return reserved_refund(intent)

    def after(self, intent: Intent) -> None:
        news.went_back(intent)

    def failed(self, intent: Intent) -> None:
        reverse_entry(entry=reserved_refund(intent), why="")
        news.did_not_go_back(intent)


def _of_page(intent: Intent, page: CheckoutPage) -> Outcome:
    if page.payment is not None and page.payment.status == "succeeded":
        require_amount(intent, page.payment)
        return outcome_of_payment(page.payment, processor_id=page.id)
    if page.status == "expired":
        return Outcome("cancelled", page.id, refusal_code="page_expired")
    waits = page.payment
    return Outcome(
        "waiting",
        page.id,
        payment_id=waits.id if waits else "",
        refusal_code=waits.decline_code if waits else "",
        action_url=page.url,
    )


def _of_payment(intent: Intent, payment: PaymentState) -> Outcome:
    if payment.status == "succeeded":
        require_amount(intent, payment)
    return outcome_of_payment(payment)


def _of_refund(refund: RefundState) -> Outcome:
    status = {"succeeded": "settled", "failed": "failed", "canceled": "failed"}.get(refund.status, "waiting")
    return Outcome(status, refund.id, refund.payment_id, refusal_code=refund.failure_code)  # type: ignore[arg-type]
