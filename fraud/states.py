"""Legal steps of a case: target → the states it may be entered from."""

from marketplace.kit.states import Steps

CASE_STEPS: Steps = {
    "investigating": frozenset({"pending"}),
    "closed": frozenset({"pending", "investigating"}),
}
