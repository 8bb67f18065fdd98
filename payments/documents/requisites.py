"""Who a person is on paper: checked, kept, read."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput
from payments.models import Requisites

Kind = Requisites.Kind
_KPP = re.compile(r"\d{4}[\dA-Z]{2}\d{3}")
# Weights of the check digits, from the tax service's description of the number.
_TEN = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_ELEVENTH = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_TWELFTH = (3, *_ELEVENTH)


@dataclass(frozen=True, slots=True)
class RequisitesForm:
    """What a person typed; nothing is proven yet."""

    kind: str
    name: str
    inn: str
    kpp: str = ""
    address: str = ""


def requisites_of(user_id: int) -> Requisites | None:
    return Requisites.objects.filter(user_id=user_id).first()


def business_of(user_id: int) -> Requisites | None:
    """The requisites of somebody who buys as a business; None for a private person."""
    return Requisites.objects.filter(user_id=user_id).exclude(kind=Kind.SELF_EMPLOYED).first()


def save_requisites(*, user_id: int, typed: RequisitesForm) -> Requisites:
    """Keep the person's requisites; papers issued before stay as they are. Raises InvalidInput at the wrong field."""
    values = {**_checked(typed), "changed_at": now()}
    return Requisites.objects.update_or_create(user_id=user_id, defaults=values)[0]


def is_inn(number: str) -> bool:
    """A taxpayer number of 10 digits (companies) or 12 (people) whose check digits are right."""
    if not re.fullmatch(r"\d{10}|\d{12}", number, re.ASCII) or set(number) == {"0"}:
        return False
    if len(number) == 10:
        return _check_digit(number, _TEN) == int(number[9])
    return _check_digit(number, _ELEVENTH) == int(number[10]) and _check_digit(number, _TWELFTH) == int(number[11])


def _check_digit(number: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11 % 10


def _checked(typed: RequisitesForm) -> dict[str, str]:
    if typed.kind not in Kind.values:
        raise InvalidInput(field="kind", reason=_("Choose one of the kinds."))
    company = typed.kind == Kind.COMPANY
    name, address = " ".join(typed.name.split()), " ".join(typed.address.split())
    inn, kpp = "".join(typed.inn.split()), "".join(typed.kpp.split()).upper()
    if not 2 <= len(name) <= 200:
        raise InvalidInput(
            field="name", reason=_("Write the name as it stands in the registration, up to 200 characters.")
        )
    if not is_inn(inn) or len(inn) != (10 if company else 12):
        raise InvalidInput(field="inn", reason=_WRONG_INN[company])
    if company and not _KPP.fullmatch(kpp):
        raise InvalidInput(field="kpp", reason=_("A company's KPP has nine characters, such as 770101001."))
    if len(address) > 300 or (company and len(address) < 10):
        raise InvalidInput(field="address", reason=_("Write the registered address, up to 300 characters."))
    return {"kind": typed.kind, "name": name, "inn": inn, "kpp": kpp if company else "", "address": address}


_WRONG_INN = {
    True: _("A company's INN has ten digits; these do not agree with each other. Check for a slip."),
    False: _("A person's INN has twelve digits; these do not agree with each other. Check for a slip."),
}
