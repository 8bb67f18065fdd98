"""Where somebody stayed: kept point by point as positions arrive, or found in bulk; one procedure for both."""
