from frontend.account.views.executor import executor
from frontend.account.views.payouts import payouts, start_payouts
from frontend.account.views.profile import edit, photo, profile, welcome
from frontend.account.views.sessions import end_all_sessions, end_session, revoke_device, sessions
from frontend.account.views.standing import appeal_refusal, appeal_restriction, restrictions
from frontend.account.views.verification import verification

__all__ = [
    "appeal_refusal",
    "appeal_restriction",
    "edit",
    "end_all_sessions",
    "end_session",
    "executor",
    "payouts",
    "photo",
    "profile",
    "restrictions",
    "revoke_device",
    "sessions",
    "start_payouts",
    "verification",
    "welcome",
]
