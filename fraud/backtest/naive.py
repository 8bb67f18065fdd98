"""What people would try first: any position near, and twenty minutes near. They stand in the study beside the rule."""

import numpy as np

from fraud.features.table import Table
from fraud.geometry.globe import Floats


def any_position(table: Table) -> Floats:
    """1 when any position lies within 150 m."""
    return np.where(table.column("closest_m") <= 150, 1.0, 0.0)


def twenty_minutes(table: Table) -> Floats:
    """1 when the longest stay within 150 m lasts twenty minutes."""
    return np.where(table.column("stay_min") >= 20, 1.0, 0.0)
