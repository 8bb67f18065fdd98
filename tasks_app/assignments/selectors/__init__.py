"""Reads of deals, of what the past says of people, and of cancellations."""
