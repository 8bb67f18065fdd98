"""An executor asks for the fee of a response that was opened and never answered."""

from typing import TYPE_CHECKING

from django.db import transaction

from marketplace.kit.errors import NotFound
from marketplace.kit.policy import Decision
from payments import selectors as payment_facts
from payments import services as payments
from payments.selectors import Silence
from tasks_app import hooks
from tasks_app.locks import lock_response
from tasks_app.models import Assignment, Response

if TYPE_CHECKING:
    from marketplace.accounts.models import User
    from payments.models import Refund


def may_ask_fee_back(response: Response) -> Decision:
    """Whether asking now would give the fee back, or the sentence that says why not."""
    return payment_facts.may_have_silent_fee_back(response_id=response.pk, silence=_silence(response))


@transaction.atomic
def ask_fee_back(*, response_id: int, by: "User") -> "Refund":
    """Give the fee back to the executor who asks. The same request again gives the same refund.

    Raises NotFound for a stranger, PolicyDenied with the sentence of the refusal.
    """
    response = lock_response(response_id)
    if response.executor_id != by.pk:
        raise NotFound
    return payments.refund_silent_fee(response_id=response.pk, silence=_silence(response))


def _silence(response: Response) -> Silence:
    answered: set[int] = set()
    hooks.customer_answered.call(response_id=response.pk, answered=answered)
    return Silence(
        answered=response.pk in answered,
        chosen=Assignment.objects.filter(response_id=response.pk).exists(),
        passed_over=response.status == Response.Status.NOT_CHOSEN,
        withdrawn=response.status == Response.Status.WITHDRAWN,
    )
