"""What a kind of notification is made of."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Kind:
    """`title` and `text` may name params as %(name)s; `email`: also sent by e-mail to who wants that."""

    title: Promise | str
    text: Promise | str
    email: bool = True
