"""The customer as the processor knows them."""

from payments.models import ProcessorCustomer
from payments.stripe_gateway import cards


def customer_of(user_id: int) -> str:
    """The processor's id of the person, made known on first use. Outside a transaction. Raises Refused, Unavailable."""
    known = ProcessorCustomer.objects.filter(user_id=user_id).values_list("processor_id", flat=True).first()
    if known:
        return known
    made = cards.open_customer(key=f"poruchi:customer:{user_id}", metadata={"user": str(user_id)})
    row, _created = ProcessorCustomer.objects.get_or_create(user_id=user_id, defaults={"processor_id": made})
    return row.processor_id
