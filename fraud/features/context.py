"""What is known besides positions. Every column may be missing: NaN, which the model reads as unknown, not as zero."""

import numpy as np

from fraud.features.inputs import Deals
from fraud.geometry.globe import Floats

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


def describe(deals: Deals) -> dict[str, Floats]:
    return {name: deals.context.get(name, np.full(deals.count, np.nan)) for name in COLUMNS}


def retrospective() -> tuple[str, ...]:
    """Known only weeks later; good for a label, never for a score."""
    return ("rehired", "later_review")
