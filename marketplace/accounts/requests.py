"""The request of somebody who is signed in, for views and API operations behind a log-in (types only)."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from marketplace.accounts.models import User


class SignedIn(HttpRequest):
    user: User
    htmx: HtmxDetails
