"""Text messages leave through a provider. Which one is the setting SMS_PROVIDER, a dotted path to a class."""

from pathlib import Path
from typing import Protocol
from uuid import uuid4

from django.conf import settings
from django.utils.module_loading import import_string

from marketplace.kit.clock import now


class SmsProvider(Protocol):
    """A provider is made without arguments and reads its keys from the settings."""

    def send(self, *, phone: str, text: str) -> None:
        """Hand one message over; `phone` in E.164. Raises when the provider did not take it."""


class FileSms:
    """Writes each message as a file into the outbox folder, where e-mails of the demo and the tests go too."""

    def send(self, *, phone: str, text: str) -> None:
        outbox = Path(settings.EMAIL_FILE_PATH)
        outbox.mkdir(parents=True, exist_ok=True)
        name = f"{now():%Y%m%d-%H%M%S}-{uuid4().hex[:8]}.sms.txt"
        (outbox / name).write_text(f"To: {phone}\n\n{text}\n", encoding="utf-8")


def send_sms(*, phone: str, text: str) -> None:
    """One message through the provider of the settings."""
    provider: SmsProvider = import_string(settings.SMS_PROVIDER)()
    provider.send(phone=phone, text=text)
