"""How far the processor's lists were read. They come newest first, so a reading that broke off has read nothing for certain."""

from datetime import datetime

from django.db.models.functions import Greatest

from payments.models import ProcessorCursor


def read_until(name: str) -> datetime | None:
    """The newest moment that the last whole reading saw; None before the first."""
    return ProcessorCursor.objects.filter(name=name).values_list("read_until", flat=True).first()


def was_read(name: str, moment: datetime) -> None:
    """A whole reading saw everything until then. Two readings at once leave the later one's word."""
    _row, is_new = ProcessorCursor.objects.get_or_create(name=name, defaults={"read_until": moment})
    if not is_new:
        ProcessorCursor.objects.filter(name=name).update(read_until=Greatest("read_until", moment))
