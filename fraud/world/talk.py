"""What a platform would know besides positions, drawn with overlap: none of it gives anybody away alone."""

import numpy as np

from fraud.geometry.globe import Floats
from fraud.world.cancellations import Called
from fraud.world.people import Dice


def context(dice: Dice, called: Called) -> dict[str, Floats]:
    n, fraud = called.count, called.fraud
    price = np.round(dice.lognormal(np.log(2500), 0.7, n) * np.where(fraud, 1.25, 1.0) / 50) * 5000
    deals = dice.poisson(np.where(fraud, 0.5, 0.15), n).astype(float)
    cancellations = np.minimum(dice.poisson(np.where(fraud, 0.35, 0.05), n).astype(float), deals + 1)
    no_show = called.of("no_show")

    def chance(when_fraud: float, otherwise: float) -> Floats:
        return (dice.random(n) < np.where(fraud, when_fraud, otherwise)).astype(float)

    def share(high: float, low: float) -> Floats:
        return dice.beta(2, np.where(fraud, 2 / high - 2, 2 / low - 2), n)

    came_for_nothing = np.where(no_show, dice.random(n) < 0.6, dice.random(n) < np.where(fraud, 0.04, 0.07))
    silent = chance(0.75, 0.4)
    return {
        "by_customer": chance(0.82, 0.6),
        "reason_vague": np.where(came_for_nothing, 0.0, chance(0.7, 0.4)),
        "reason_no_show": came_for_nothing.astype(float),
        "price_minor": price,
        "fee_minor": np.round(price * 0.06),
        "pair_deals": deals,
        "pair_cancellations": cancellations,
        "executor_cancel_share": share(0.16, 0.09),
        "customer_cancel_share": share(0.17, 0.11),
        "contacts_in_chat": chance(0.45, 0.12),
        "silent_after": np.where(dice.random(n) < 0.1, np.nan, silent),
        "reposted": chance(0.05, 0.3),
        "other_job_near": np.where(called.of("same_building"), dice.random(n) < 0.7, dice.random(n) < 0.01).astype(
            float
        ),
    }
