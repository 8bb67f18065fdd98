"""All reads of people: what other packages may ask."""

from marketplace.accounts.consents import standing_consent
from marketplace.accounts.selectors.devices import devices_of, person_by_token
from marketplace.accounts.selectors.people import (
    ContactCard,
    CustomerStanding,
    PublicPerson,
    ServiceArea,
    confirmed_email,
    contact_card,
    customer_standing,
    customer_standings,
    executor_categories,
    executor_profile,
    public_name,
    public_people,
    service_area,
)
from marketplace.accounts.selectors.sessions import sessions_of
from marketplace.accounts.selectors.standing import (
    appeal_for_decision,
    appeals_of,
    pending_appeals,
    restrictions_of,
    standing_restriction,
    standing_restrictions,
    strikes_of,
)
from marketplace.accounts.selectors.verification import (
    earlier_requests,
    last_request_of,
    same_name,
    verification_case,
    verification_count,
    verification_queue,
)

__all__ = [
    "ContactCard",
    "CustomerStanding",
    "PublicPerson",
    "ServiceArea",
    "appeal_for_decision",
    "appeals_of",
    "confirmed_email",
    "contact_card",
    "customer_standing",
    "customer_standings",
    "devices_of",
    "earlier_requests",
    "executor_categories",
    "executor_profile",
    "last_request_of",
    "pending_appeals",
    "person_by_token",
    "public_name",
    "public_people",
    "restrictions_of",
    "same_name",
    "service_area",
    "sessions_of",
    "standing_consent",
    "standing_restriction",
    "standing_restrictions",
    "strikes_of",
    "verification_case",
    "verification_count",
    "verification_queue",
]
