"""The legal steps of a verification: target state → the states it may be entered from."""

from typing import Final

from marketplace.accounts.models import ExecutorProfile, VerificationRequest
from marketplace.kit.states import Steps

_V = ExecutorProfile.Verification
_R = VerificationRequest.Status

EXECUTOR: Final[Steps] = {
    _V.PENDING: frozenset({_V.NONE, _V.MORE, _V.REJECTED}),
    _V.VERIFIED: frozenset({_V.PENDING}),
    _V.MORE: frozenset({_V.PENDING, _V.REJECTED}),  # from rejected: another moderator upheld an appeal
    _V.REJECTED: frozenset({_V.PENDING}),
}

REQUEST: Final[Steps] = {
    _R.APPROVED: frozenset({_R.PENDING}),
    _R.MORE: frozenset({_R.PENDING}),
    _R.REJECTED: frozenset({_R.PENDING}),
}

OF_OUTCOME: Final = {_R.APPROVED: _V.VERIFIED, _R.MORE: _V.MORE, _R.REJECTED: _V.REJECTED}
