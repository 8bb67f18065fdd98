"""What the intents of secure deals do: the call, the look-up, the booking, and what follows. Registered at start-up."""

from payments.intents.handlers import Outcome, metadata_of, outcome_of_payment, register, require_amount
from payments.models import Entry, Intent, PayoutAccount, SecureDeal
from payments.secure_deals import books, news
from payments.secure_deals.history import lock_deal
from payments.secure_deals.movements import SHARE
from payments.secure_deals.services import chargebacks, funding, settling
from payments.secure_deals.services.funding import deal_of
from payments.secure_deals.urls import FROM_PROCESSOR, LEFT, payment_page
from payments.stripe_gateway import checkout, payments, refunds, transfers
from payments.stripe_gateway.payments import PaymentState
from payments.topups.customers import customer_of

Status = SecureDeal.Status


class DealPayment:
    """From the customer's card to the platform's balance: by the processor's page or by a saved card."""

    def call(self, intent: Intent) -> Outcome:
        deal = _deal(intent)
        customer_id = customer_of(intent.user_id)
        language, title = intent.details.get("language", "ru"), deal.title
        back = payment_page(deal, language)
        if card := intent.details.get("card"):
            state = payments.charge_saved_card(
                key=intent.idempotency_key,
                amount=intent.amount,
                customer_id=customer_id,
                card_id=card,
                metadata=metadata_of(intent),
                description=title,
                off_session=False,
                return_url=f"{back}?{FROM_PROCESSOR}",
            )
            return _of_payment(intent, state)
        page = checkout.open_page(
            key=intent.idempotency_key,
            amount=intent.amount,
            customer_id=customer_id,
            title=title,
            success_url=f"{back}?{FROM_PROCESSOR}",
            cancel_url=f"{back}?{LEFT}",
            metadata=metadata_of(intent),
            language=language,
        )
        return _page(intent, page)

    def look_up(self, intent: Intent) -> Outcome | None:
        if intent.details.get("card"):
            found = (
                payments.payment(intent.processor_id)
                if intent.processor_id
                else payments.find_payment(operation=intent.operation, since=intent.created_at)
            )
            return _of_payment(intent, found) if found else None
        page = (
            checkout.page(intent.processor_id)
            if intent.processor_id
            else checkout.find_page(operation=intent.operation, since=intent.created_at)
        )
        return _page(intent, page) if page else None

    def book(self, intent: Intent, outcome: Outcome) -> Entry:
        return books.book_payment(_deal(intent), intent, source=str(outcome.facts.get("charge_id", "")))

    def after(self, intent: Intent) -> None:
        funding.payment_settled(intent)

    def failed(self, intent: Intent) -> None:
        news.publish_payment(_deal(intent))


class DealTransfer:
    """From the platform's balance to the executor's account at the processor."""

    def call(self, intent: Intent) -> Outcome:
        deal = _deal(intent)
        if deal.status != Status.SETTLING:  # the customer's bank was faster; an earlier try may have been faster still
            return self.look_up(intent) or Outcome("cancelled", "", refusal_code="money_not_held")
        sent = transfers.transfer(
            key=intent.idempotency_key,
            amount=intent.amount,
            account_id=PayoutAccount.objects.get(user_id=intent.user_id).processor_id,
            charge_id=(deal.payment.details if deal.payment else {}).get("charge_id", ""),
            group=books.subject_of(deal),
            metadata=metadata_of(intent),
        )
        return Outcome("settled", sent.id)

    def look_up(self, intent: Intent) -> Outcome | None:
        found = (
            transfers.transfer_by_id(intent.processor_id)
            if intent.processor_id
            else transfers.find_transfer(operation=intent.operation, group=intent.subject)
        )
        return Outcome("settled", found.id) if found else None

    def book(self, intent: Intent, outcome: Outcome) -> Entry:
        return books.book_transfer(lock_deal(deal_of(intent)), intent, source=outcome.processor_id)

    def after(self, intent: Intent) -> None:
        deal = lock_deal(deal_of(intent))
        news.tell_paid_out(deal, intent)
        if deal.status == Status.CHARGED_BACK:
            chargebacks.take_back(deal)
        settling.drive(deal)

    def failed(self, intent: Intent) -> None:
        news.tell_stuck(_deal(intent), intent)


class DealRefund:
    """From the platform's balance back to the customer's card."""

    def call(self, intent: Intent) -> Outcome:
        made = refunds.refund_payment(
            key=intent.idempotency_key,
            payment_id=intent.details["payment_id"],
            amount=intent.amount,
            metadata=metadata_of(intent),
        )
        return _refunded(made)

    def look_up(self, intent: Intent) -> Outcome | None:
        found = (
            refunds.refund(intent.processor_id)
            if intent.processor_id
            else refunds.find_refund(
                operation=intent.operation, since=intent.created_at, payment_id=intent.details["payment_id"]
            )
        )
        return _refunded(found) if found else None

    def book(self, intent: Intent, outcome: Outcome) -> Entry:
        return books.book_refund(lock_deal(deal_of(intent)), intent, source=outcome.processor_id)

    def after(self, intent: Intent) -> None:
        deal = lock_deal(deal_of(intent))
        news.tell_returned(deal, intent)
        if SHARE in intent.details:
            settling.drive(deal)

    def failed(self, intent: Intent) -> None:
        news.tell_stuck(_deal(intent), intent)


class Reversal:
    """From the executor's account at the processor back to the platform's balance."""

    def call(self, intent: Intent) -> Outcome:
        made = transfers.reverse_transfer(
            key=intent.idempotency_key,
            transfer_id=intent.details["transfer_id"],
            amount=intent.amount,
            metadata=metadata_of(intent),
        )
        return Outcome("settled", made.id)

    def look_up(self, intent: Intent) -> Outcome | None:
        found = transfers.find_reversal(operation=intent.operation, transfer_id=intent.details["transfer_id"])
        return Outcome("settled", found.id) if found else None

    def book(self, intent: Intent, outcome: Outcome) -> Entry:
        return books.book_reversal(lock_deal(deal_of(intent)), intent, source=outcome.processor_id)

    def after(self, intent: Intent) -> None:
        deal = lock_deal(deal_of(intent))
        news.tell_taken_back(deal, intent)
        settling.drive(deal)

    def failed(self, intent: Intent) -> None:
        news.tell_stuck(_deal(intent), intent)


def register_all() -> None:
    register(Intent.Kind.DEAL_PAYMENT, DealPayment())
    register(Intent.Kind.DEAL_TRANSFER, DealTransfer())
    register(Intent.Kind.DEAL_REFUND, DealRefund())
    register(Intent.Kind.TRANSFER_REVERSAL, Reversal())


def _deal(intent: Intent) -> SecureDeal:
    return SecureDeal.objects.select_related("payment").get(pk=deal_of(intent))


def _of_payment(intent: Intent, payment: PaymentState) -> Outcome:
    require_amount(intent, payment)
    return outcome_of_payment(payment)


def _page(intent: Intent, page: checkout.CheckoutPage) -> Outcome:
    if page.paid and page.payment is not None:
        require_amount(intent, page.payment)
        return outcome_of_payment(page.payment, processor_id=page.id)
    if page.status == "expired":
        return Outcome("cancelled", page.id, refusal_code="page_expired")
    return Outcome("waiting", page.id, action_url=page.url)


def _refunded(made: refunds.RefundState) -> Outcome:
    if made.status == "succeeded":
        return Outcome("settled", made.id)
    if made.status in ("failed", "canceled"):
        return Outcome("failed", made.id, refusal_code=made.failure_code or made.status)
    return Outcome("waiting", made.id)
