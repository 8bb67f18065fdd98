"""Calls from tasks up to the packages above; handlers run in the transaction of the step."""

from marketplace.kit.hooks import Hook

# cancellation_id: fraud collects evidence and may put a hold on the fee's refund.
assignment_cancelled = Hook("tasks_app.assignment_cancelled")
# assignment_id: trust opens the window for reviews.
assignment_closed = Hook("tasks_app.assignment_closed")
# assignment_id: a dispute about finished work ended without a decision; trust opens the window for reviews.
dispute_lapsed = Hook("tasks_app.dispute_lapsed")
# response_id, answered: whoever knows of a word from the customer adds the response's id to the set `answered`.
customer_answered = Hook("tasks_app.customer_answered")
# executor_id, day: the person deleted a UTC day's positions; whatever was made of them goes in the same transaction.
track_deleted = Hook("tasks_app.track_deleted")
# before (a UTC day): positions of earlier days are forgotten, and so is what was made of them.
tracks_forgotten = Hook("tasks_app.tracks_forgotten")
