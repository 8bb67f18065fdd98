"""Phone numbers are kept in E.164, however they were typed."""

import phonenumbers
from django.utils.translation import gettext_lazy as _

from marketplace.kit.errors import InvalidInput

HOME_REGION = "RU"  # how a number without a country code is read


def normal_phone(typed: str) -> str:
    """ "8 (912) 345-67-89" → "+79123456789". Raises InvalidInput."""
    try:
        number = phonenumbers.parse(typed.strip(), HOME_REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise InvalidInput(field="phone", reason=_("Enter a phone number such as +7 912 345-67-89."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def readable_phone(phone: str) -> str:
    """ "+79123456789" → "+7 912 345-67-89"."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
