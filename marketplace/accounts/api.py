"""Signing in from a phone app, and the person's own account."""

from django.http import HttpRequest
from ninja import Router
from ninja.security import HttpBearer, SessionAuth

from marketplace.accounts.models import User
from marketplace.accounts.selectors.devices import device_by_token
from marketplace.accounts.services import mark_device_used

router = Router(tags=["people"])


class DeviceAuth(HttpBearer):
    """The token of a signed-in device: `Authorization: Bearer …`."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        device = device_by_token(token)
        if device is None:
            return None
        mark_device_used(device=device)
        request.user = device.user
        return device.user


class PageAuth(SessionAuth):
    """The session of our own pages, with the CSRF token on everything that writes."""

    def __call__(self, request: HttpRequest) -> User | None:
        return super().__call__(request) if request.user.is_authenticated else None


auth = [DeviceAuth(), PageAuth()]
