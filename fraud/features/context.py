"""What is known besides positions. Every column may be missing: NaN, which the model reads as unknown, not as zero. Each is
as it was known at the moment of judging; live values come from `fraud.scoring.context`, files bring their own.

`by_customer`: the customer cancelled. `reason_vague`, `reason_no_show`: what whoever cancelled gave as the reason, see VAGUE
and NOBODY. `price_minor`, `fee_minor`: the agreed price and the response's fee. `pair_deals`, `pair_cancellations`: earlier
ones of these two. `executor_cancel_share`, `customer_cancel_share`: of each one's other deals, see `smoothed`.
`contacts_in_chat`: a contact was hidden in their conversation. `silent_after`: nobody wrote after that (without one: after
the choice); unknown without a conversation. `reposted`: the customer posted the same task again within a week.
`other_job_near`: the executor has another deal within 250 m that meets the window.
"""

import numpy as np

from fraud.features.inputs import Deals
from fraud.geometry.globe import Floats

VAGUE = ("other", "changed_plans", "plans_changed", "changed_mind", "agreed", "mutual", "no_reason")
NOBODY = ("no_show", "nobody_home", "no_access", "customer_absent", "customer_unreachable")
USUAL_SHARE, USUAL_WEIGHT = 0.1, 10.0

COLUMNS: dict[str, int] = {
    # name: the way in which more of it may move the score (1 up, −1 down, 0 either way)
    "by_customer": 0,
    "reason_vague": 1,
    "reason_no_show": -1,
    "price_minor": 1,
    "fee_minor": 1,
    "pair_deals": 0,
    "pair_cancellations": 1,
    "executor_cancel_share": 1,
    "customer_cancel_share": 1,
    "contacts_in_chat": 1,
    "silent_after": 1,
    "reposted": -1,
    "other_job_near": -1,
}


def smoothed(cancelled: float, deals: float) -> float:
    """Cancelled deals of all deals, drawn towards a tenth with the weight of ten deals: few deals prove little."""
    return (cancelled + USUAL_SHARE * USUAL_WEIGHT) / (deals + USUAL_WEIGHT)


def describe(deals: Deals) -> dict[str, Floats]:
    return {name: deals.context.get(name, np.full(deals.count, np.nan)) for name in COLUMNS}
