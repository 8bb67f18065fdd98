"""The only door to the card processor. In: Money, our keys. Out: frozen facts of ours, never the library's objects.

A processor other than Stripe fits behind the same functions.
"""
