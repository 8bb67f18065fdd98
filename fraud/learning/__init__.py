"""What the fraud room learns from its own decisions, and how well it does."""
