"""Opening accounts and confirming what a person says of themselves."""

import re
import uuid
from datetime import datetime, timedelta
from typing import IO, Final

from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.accounts.phones import normal_phone
from marketplace.kit.clock import now
from marketplace.kit.errors import InvalidInput
from marketplace.kit.pictures import clean_picture

UNCONFIRMED_FOR: Final = timedelta(days=1)
LANGUAGES: Final = (("ru", "Русский"), ("en", "English"))
NAME: Final = re.compile(r"(?=.{2,80}$)[^\W\d_]+(?:['’. -]{1,2}[^\W\d_]+)*\.?")
PHOTO_SIDE: Final = 640  # pixels


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
    if email:
        validate_email(email := email.lower())
    person = User.objects.create_user(
        name=name,
        phone=normal_phone(phone) if phone else None,
        phone_confirmed_at=joined if phone else None,
        email=email or None,
        email_confirmed_at=joined if email else None,
        language=language,
        city_id=city_id,
        staff_role=staff_role,
        date_joined=joined,
    )
    if email:
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


@transaction.atomic
def open_account(*, phone: str | None = None, email: str | None = None, language: str = "ru") -> User:
    """The account that a code sent to this phone (E.164) or e-mail address will open; a new one if there is none.

    A new account can do nothing before the code is typed, and is forgotten after a day without it. Asked for twice at
    once it is one account.
    """
    email = email.lower() if email else None
    known = Q(phone=phone) if phone else Q(email=email)
    if (person := User.objects.filter(known).first()) is not None:
        return person
    try:
        with transaction.atomic():  # a savepoint: who lost a race must still be able to read
            person = User.objects.create_user(phone=phone or None, email=email, language=language, date_joined=now())
            if email:
                EmailAddress.objects.create(user=person, email=email, primary=True, verified=False)
    except IntegrityError:
        return User.objects.get(known)
    return person


def forget_unconfirmed_accounts() -> int:
    """Accounts whose code was never typed in a day: the phone or the address is free again."""
    never = User.objects.filter(phone_confirmed_at=None, email_confirmed_at=None, last_login=None, staff_role="")
    forgotten: int = never.filter(date_joined__lt=now() - UNCONFIRMED_FOR).delete()[0]
    return forgotten


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


def note_confirmed_email(*, user_id: int, email: str) -> None:
    """The sign-in has confirmed and stored the address; our own columns follow."""
    User.objects.filter(pk=user_id).update(email=email, email_confirmed_at=now())


@transaction.atomic
def edit_person(*, user: User, name: str, language: str, city_id: int | None) -> User:
    """What a person says of themselves. Raises InvalidInput."""
    name = " ".join(name.split())
    if not NAME.fullmatch(name):
        raise InvalidInput(field="name", reason=_("Write your name in letters, for example Anna Krylova."))
    if language not in dict(LANGUAGES):
        raise InvalidInput(field="language", reason=_("Choose a language from the list."))
    cities = User._meta.get_field("city").related_model._default_manager
    if city_id is not None and not cities.filter(pk=city_id).exists():
        raise InvalidInput(field="city", reason=_("Choose a city from the list."))
    user.name, user.language, user.city_id = name, language, city_id
    user.save(update_fields=["name", "language", "city"])
    return user


def set_photo(*, user: User, photo: bytes | IO[bytes]) -> User:
    """A portrait, re-encoded. Raises the errors of kit.pictures."""
    picture = clean_picture(photo, max_side=PHOTO_SIDE)
    former = user.photo.name
    user.photo.save(f"{uuid.uuid4()}.{picture.full.extension}", ContentFile(picture.full.data), save=False)
    user.save(update_fields=["photo"])
    _forget_file(user, former)
    return user


def remove_photo(*, user: User) -> User:
    former = user.photo.name
    user.photo = None
    user.save(update_fields=["photo"])
    _forget_file(user, former)
    return user


def _forget_file(user: User, name: str | None) -> None:
    if name:
        storage = user._meta.get_field("photo").storage
        transaction.on_commit(lambda: storage.delete(name))
