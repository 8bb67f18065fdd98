"""Calls from money up to the packages above; handlers run in the transaction that settles the intent."""

from marketplace.kit.hooks import Hook

# response_id, deal_id: the customer's money is held; the response is chosen now.
deal_funded = Hook("payments.deal_funded", required=False)
# response_id, deal_id, code: the payment came to nothing; the choice did not happen.
deal_payment_failed = Hook("payments.deal_payment_failed", required=False)
