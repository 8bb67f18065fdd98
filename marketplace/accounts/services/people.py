"""Opening accounts and confirming what a person says of themselves."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.validators import validate_email
from django.db import transaction

from marketplace.accounts.models import User
from marketplace.accounts.phones import normal_phone
from marketplace.kit.clock import now


@transaction.atomic
def make_person(
    *,
    name: str,
    phone: str | None = None,
    email: str | None = None,
    language: str = "ru",
    city_id: int | None = None,
    staff_role: str = "",
    registered_at: datetime | None = None,
) -> User:
    """A person with the phone and e-mail confirmed, as if both codes had been typed (demo world, tests).

    Raises InvalidInput for a phone, ValidationError for an e-mail that is none.
    """
    joined = registered_at or now()
    person = User.objects.create_user(
        name=name, language=language, city_id=city_id, staff_role=staff_role, date_joined=joined
    )
    if phone:
        confirm_phone(user=person, phone=normal_phone(phone), at=joined)
    if email:
        validate_email(email)
        confirm_email(user=person, email=email.lower(), at=joined)
    return person


@transaction.atomic
def confirm_phone(*, user: User, phone: str, at: datetime | None = None) -> User:
    """The code sent to `phone` (E.164) was typed: it is the person's own."""
    user.phone, user.phone_confirmed_at = phone, at or now()
    user.save(update_fields=["phone", "phone_confirmed_at"])
    return user


@transaction.atomic
def confirm_email(*, user: User, email: str, at: datetime | None = None) -> User:
    """The code sent to `email` was typed: it is the person's one address, for the sign-in as well."""
    address, _made = EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
    EmailAddress.objects.filter(user=user).exclude(pk=address.pk).delete()
    user.email, user.email_confirmed_at = email, at or now()
    user.save(update_fields=["email", "email_confirmed_at"])
    return user
