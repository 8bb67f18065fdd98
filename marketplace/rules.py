"""The product's rules that are numbers. What an operator changes (tariffs, limits of a city or a category) lives in the database."""

from typing import Any

RULES: dict[str, Any] = {
    "photos_per_task": 10,
    "unopened_refund_hours": 48,
    "auto_accept_hours": 72,
    "review_blind_days": 14,
    "hold_hours": 72,
    # A deal whose agreed time is over and that nobody has called done (docs/decisions/0042-deals-that-nobody-ends.md).
    "deal_first_reminder_hours": 2,
    "deal_second_reminder_hours": 24,
    "deal_question_hours": 72,  # then both are asked whether it took place
    "deal_answer_days": 4,  # and without an answer it is settled by itself
    "dispute_days": 5,
    "fault_days": 14,  # two different accounts of a cancellation wait this long for a moderator
    "changed_withdrawal_hours": 24,  # after a change of the task: withdrawing returns the fee
    "trial_hours": 24,
    "opened_silent_share_percent": 20,
    "secure_pay_minutes": 30,  # from choosing to paying
    "secure_commission_bp": 500,  # basis points; where no tariff says otherwise
    "secure_commission_payer": "executor",  # customer, executor or both
    "secure_warn_days": 75,
    "secure_end_days": 85,  # the processor holds money for 90 days at most
    "split_appeal_hours": 72,
    "staff_refund_limit_minor": 3_000_000,  # above it a second staff member agrees
    "opened_silent_days": 3,  # without an answer, before the fee may be asked back
    "opened_silent_window_days": 90,
    "grid_cell_metres": 500,
    "top_up_from": 10_000,  # minor units
    "top_up_to": 5_000_000,
    "cards_kept": 10,  # by one person
    "refund_alone_to": 500_000,  # minor units in 30 days to one person's cards; above it two members of staff agree
    "task_open_days": 14,
    "task_ahead_days": 90,
    "task_price_from": 50,  # whole units of the city's currency
    "task_price_to": 10_000_000,
    "route_points": 8,
    "tariff_notice_days": 7,  # before executors pay more
    "subscription_price_notice_days": 14,
    "subscription_renewal_notice_days": 3,
    "subscription_grace_days": 3,  # after a failed renewal, still covered
    "subscription_grace_notice_hours": 24,
    "subscription_refund_days": 3,  # an unused month, on request
    "preview_days": 90,
    "preview_secure_share_percent": 15,  # of deals go through a secure deal, where nothing is known yet
    "drafts_per_visitor": 10,
    "visitor_photos_per_hour": 60,  # by network address, of people who are not signed in
    "visitor_addresses_per_minute": 90,
    "draft_keep_days": 30,
    "album_photos": 50,
    "albums": 20,
    "chat_open_days": 14,  # after the end of the task
    "chat_messages_per_minute": 20,
    "verification_again_days": 30,  # after a refusal
    "verification_documents_days": 30,  # pictures of documents are kept after the decision
}
