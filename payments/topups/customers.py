"""The person as the processor knows them: made on first use, outside any transaction."""

from payments.models import ProcessorCustomer
from payments.stripe_gateway import cards


def customer_of(user_id: int) -> str:
    """The processor's id of the person. Raises Unavailable."""
    known = known_customer(user_id)
    if known:
        return known
    made = cards.open_customer(key=f"poruchi:customer:{user_id}", metadata={"user": str(user_id)})
    ProcessorCustomer.objects.bulk_create(
        [ProcessorCustomer(user_id=user_id, processor_id=made)], ignore_conflicts=True
    )
    return ProcessorCustomer.objects.values_list("processor_id", flat=True).get(user_id=user_id)


def known_customer(user_id: int) -> str:
    return ProcessorCustomer.objects.filter(user_id=user_id).values_list("processor_id", flat=True).first() or ""


def person_behind(customer_id: str) -> int | None:
    return ProcessorCustomer.objects.filter(processor_id=customer_id).values_list("user_id", flat=True).first()
