"""Calls from money up to the packages above; handlers run in the transaction of the money's step."""

from marketplace.kit.hooks import Hook

# response_id, deal_id: the customer has paid for a secure deal; the response is chosen now, or the money goes back.
deal_funded = Hook("payments.deal_funded")
# response_id, reasons: whoever still has to look at the deal of this response before its fee goes back adds why to the set `reasons`.
refund_due = Hook("payments.refund_due")
