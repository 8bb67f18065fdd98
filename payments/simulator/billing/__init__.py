"""Subscriptions as they live: periods, invoices, attempts to be paid, trials, pauses, ends."""
