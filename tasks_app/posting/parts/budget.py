"""How much: a price, a range, or an offer from the executors."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.kit.money import Money
from tasks_app.models import Task
from tasks_app.posting.content import DraftContent, Values
from tasks_app.posting.errors import AnswersRefused
from tasks_app.posting.parts.typed import whole_number

FIXED, RANGE, OFFER = Task.Budget.FIXED.value, Task.Budget.RANGE.value, Task.Budget.OFFER.value


def clean(values: Values, content: DraftContent) -> Values:
    """`price`, `price_high`: whole units of the city's currency. `secure_deal`: the money is held until the work is accepted."""
    return {**_prices(values), **({"secure_deal": True} if values.get("secure_deal") in (True, "on", "true") else {})}


def _prices(values: Values) -> Values:
    kind = values.get("budget")
    if kind not in Task.Budget.values:
        raise AnswersRefused({"budget": _("Choose how the price is set.")})
    if kind == Task.Budget.OFFER:
        return {"budget": kind}
    errors: dict[str, str | Promise] = {}
    low = _price(values.get("price"), "price", errors)
    if kind == Task.Budget.FIXED:
        _raise(errors)
        return {"budget": kind, "price": low}
    high = _price(values.get("price_high"), "price_high", errors)
    if not errors and low is not None and high is not None and high <= low:
        errors["price_high"] = _("The upper price must be above the lower one.")
    _raise(errors)
    return {"budget": kind, "price": low, "price_high": high}


def _price(value: object, field: str, errors: dict[str, str | Promise]) -> int | None:
    least, most = int(settings.RULES["task_price_from"]), int(settings.RULES["task_price_to"])
    price = whole_number(value)
    if price is None:
        errors[field] = _("Write the price as a whole number, for example 2500.")
    elif price < least:
        errors[field] = str(_("The price must be at least %(price)s.")) % {"price": Money(least * 100)}
    elif price > most:
        errors[field] = _("This price is too high for a task. Check the zeros.")
    return price


def _raise(errors: dict[str, str | Promise]) -> None:
    if errors:
        raise AnswersRefused(errors)
