"""Reads of intents."""

from payments.models import Intent


def intent_behind(*, object_id: str, operation: str = "") -> Intent | None:
    """The intent that made this object at the processor, by the object's id or by the operation it carries."""
    if object_id:
        for named in ({"processor_id": object_id}, {"payment_id": object_id}):
            if (found := Intent.objects.filter(**named).first()) is not None:
                return found
    return Intent.objects.filter(operation=operation).first() if operation else None
