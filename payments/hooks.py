"""Calls from money up to the packages above; handlers run in the transaction that settles the intent."""

from marketplace.kit.hooks import Hook

# response_id, deal_id: the customer has paid for a secure deal; the response is chosen now, or the money goes back.
deal_funded = Hook("payments.deal_funded")
