"""All writes of people: what other packages and the edges may call."""

from marketplace.accounts.consents import give_consent, withdraw_consent
from marketplace.accounts.services.appeals import (
    appeal_restriction,
    appeal_verification,
    decide_appeal,
    file_appeal,
    uphold_unanswered,
    uphold_unanswered_appeals,
)
from marketplace.accounts.services.devices import issue_device_token, mark_device_used, revoke_device
from marketplace.accounts.services.executors import (
    LANGUAGES,
    MAX_POINTS,
    AreaPoint,
    edit_executor_profile,
    make_executor,
    start_executor_profile,
)
from marketplace.accounts.services.people import (
    confirm_email,
    confirm_phone,
    edit_person,
    forget_unconfirmed_accounts,
    make_person,
    open_account,
    remove_photo,
    set_photo,
)
from marketplace.accounts.services.sessions import end_session, sign_out_everywhere
from marketplace.accounts.services.staff import set_staff_role
from marketplace.accounts.services.standing import add_strike, lift_restriction, restrict, withdraw_strike
from marketplace.accounts.services.verification import (
    CONSENT_VERSION,
    DOCUMENT_KINDS,
    decide_verification,
    destroy_old_documents,
    look_at_document,
    open_document,
    submit_verification,
)

__all__ = [
    "CONSENT_VERSION",
    "DOCUMENT_KINDS",
    "LANGUAGES",
    "MAX_POINTS",
    "AreaPoint",
    "add_strike",
    "appeal_restriction",
    "appeal_verification",
    "confirm_email",
    "confirm_phone",
    "decide_appeal",
    "decide_verification",
    "destroy_old_documents",
    "edit_executor_profile",
    "edit_person",
    "end_session",
    "file_appeal",
    "forget_unconfirmed_accounts",
    "give_consent",
    "issue_device_token",
    "lift_restriction",
    "look_at_document",
    "make_executor",
    "make_person",
    "mark_device_used",
    "open_account",
    "open_document",
    "remove_photo",
    "restrict",
    "revoke_device",
    "set_photo",
    "set_staff_role",
    "sign_out_everywhere",
    "start_executor_profile",
    "submit_verification",
    "uphold_unanswered",
    "uphold_unanswered_appeals",
    "withdraw_consent",
    "withdraw_strike",
]
