"""A stateful Stripe for development, the demo and tests: its own server, its own durable store.

Nothing of the site imports it; the site meets it as it would meet Stripe, over HTTP. See docs/stripe-simulator.md.
"""
