"""How far the processor's lists were read. They come newest first, so a reading that broke off has read nothing for certain."""

from datetime import datetime

from django.db.models.functions import Greatest

from payments.models import ProcessorCursor


def read_until(name: str) -> datetime | None:
    """The newest moment that the last whole reading saw, by the processor's clock; None before it saw anything."""
    return ProcessorCursor.objects.filter(name=name).values_list("read_until", flat=True).first()


def read_at(name: str) -> datetime | None:
    """When the last whole reading began, by our clock: what moved later it need not have seen. None before the first."""
    return ProcessorCursor.objects.filter(name=name).values_list("read_at", flat=True).first()


def was_read(name: str, moment: datetime | None, *, at: datetime) -> None:
    """A whole reading that began at `at` saw everything until `moment` (None: there was nothing). Two readings at once leave
    the later one's word."""
    _row, is_new = ProcessorCursor.objects.get_or_create(name=name, defaults={"read_until": moment, "read_at": at})
    if not is_new:
        ProcessorCursor.objects.filter(name=name).update(
            read_until=Greatest("read_until", moment), read_at=Greatest("read_at", at)
        )
