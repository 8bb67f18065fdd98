"""All writes of people: what other packages and the edges may call."""

from marketplace.accounts.services.devices import issue_device_token, mark_device_used, revoke_device
from marketplace.accounts.services.executors import (
    AreaPoint,
    edit_executor_profile,
    make_executor,
    start_executor_profile,
)
from marketplace.accounts.services.people import confirm_email, confirm_phone, make_person
from marketplace.accounts.services.standing import (
    add_strike,
    lift_restriction,
    restrict,
    withdraw_strike,
)

__all__ = [
    "AreaPoint",
    "add_strike",
    "confirm_email",
    "confirm_phone",
    "edit_executor_profile",
    "issue_device_token",
    "lift_restriction",
    "make_executor",
    "make_person",
    "mark_device_used",
    "restrict",
    "revoke_device",
    "start_executor_profile",
    "withdraw_strike",
]
