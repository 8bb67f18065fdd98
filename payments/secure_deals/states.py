"""The legal steps of a secure deal: target state → the states it may be entered from."""

from marketplace.kit.states import Steps

SECURE_DEAL_STEPS: Steps = {
    "held": frozenset({"awaiting_payment", "charged_back"}),
    "expired": frozenset({"awaiting_payment"}),
    "settling": frozenset({"awaiting_payment", "expired", "held", "charged_back", "settled"}),
    "settled": frozenset({"settling"}),
    "charged_back": frozenset({"held", "settling", "settled"}),
}
