"""All reads of people: what other packages may ask."""

from marketplace.accounts.selectors.devices import devices_of, person_by_token
from marketplace.accounts.selectors.people import (
    ContactCard,
    CustomerStanding,
    ServiceArea,
    confirmed_email,
    contact_card,
    customer_standing,
    customer_standings,
    executor_categories,
    executor_profile,
    public_name,
    service_area,
)
from marketplace.accounts.selectors.standing import (
    restrictions_of,
    standing_restriction,
    standing_restrictions,
    strikes_of,
)

__all__ = [
    "ContactCard",
    "CustomerStanding",
    "ServiceArea",
    "confirmed_email",
    "contact_card",
    "customer_standing",
    "customer_standings",
    "devices_of",
    "executor_categories",
    "executor_profile",
    "person_by_token",
    "public_name",
    "restrictions_of",
    "service_area",
    "standing_restriction",
    "standing_restrictions",
    "strikes_of",
]
