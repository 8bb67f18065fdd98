"""What a response says, checked: message, price, time."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput
from marketplace.kit.money import Money
from tasks_app.models import Task

MESSAGE_LENGTH = 2000
HIGHEST_PRICE_MINOR = 1_000_000_000  # ten million in major units: a slip of the finger, not a price


def checked_message(message: str) -> str:
    """Stripped. Raises InvalidInput when empty or too long."""
    message = message.replace("\r\n", "\n").strip()
    if not message:
        raise InvalidInput(field="message", reason=_("Write a few words to the customer."))
    if len(message) > MESSAGE_LENGTH:
        raise InvalidInput(field="message", reason=_("The message is too long: at most 2,000 characters."))
    return message


def checked_price(price: Money, task: Task) -> Money:
    """Positive, sane, in the currency of the task. Raises InvalidInput."""
    if price.currency != task.currency:
        raise InvalidInput(field="price", reason=_("The price must be in the currency of the task."))
    if price.minor <= 0:
        raise InvalidInput(field="price", reason=_("The price must be more than zero."))
    if price.minor > HIGHEST_PRICE_MINOR:
        raise InvalidInput(field="price", reason=_("This price is too high. Check the number of zeros."))
    return price


def checked_time(available_at: datetime | None) -> datetime | None:
    """None: any time. Raises InvalidInput for the past (five minutes are forgiven) and for beyond a year."""
    if available_at is None:
        return None
    if available_at < now() - timedelta(minutes=5):
        raise InvalidInput(field="available_at", reason=_("This time has passed. Choose one in the future."))
    if available_at > now() + timedelta(days=366):
        raise InvalidInput(field="available_at", reason=_("Choose a time within a year."))
    return available_at
