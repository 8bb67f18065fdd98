"""One room for each of Stripe's resources; importing them registers their operations."""
