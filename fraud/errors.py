from django.utils.translation import gettext_lazy as _

from marketplace.kit.errors import DomainError


class ReasonMissing(DomainError):
    code = "reason_missing"
    status = 422
    message = _("Give a reason: both sides will read it.")


class ConsequenceWithoutProof(DomainError):
    code = "consequence_without_proof"
    status = 422
    message = _("The fee is kept and strikes are given only when the case is confirmed.")


class NothingHeld(DomainError):
    code = "nothing_held"
    status = 409
    message = _("No refund is held by this case, so no fee can be kept.")


class AnswerMissing(DomainError):
    code = "answer_missing"
    status = 422
    message = _("Write your answer.")
