"""What a view behind `login_required` (or an API operation behind `auth`) is handed."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from marketplace.accounts.models import User


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in. Only for annotations."""

    user: "User"
