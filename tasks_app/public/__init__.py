"""What anybody may see of the market: prices, counts, open and finished tasks, without a person's private data."""
