"""What packages above hear of people. Handlers run in the transaction of the change."""

from marketplace.kit.hooks import Hook

verification_decided = Hook("accounts.verification_decided", required=False)  # (request_id)
person_restricted = Hook("accounts.person_restricted", required=False)  # (restriction_id)
restriction_lifted = Hook("accounts.restriction_lifted", required=False)  # (restriction_id)
appeal_decided = Hook("accounts.appeal_decided", required=False)  # (appeal_id)
