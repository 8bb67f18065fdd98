from django.utils.translation import gettext_lazy as _

from marketplace.kit.errors import DomainError


class CapacityOutOfRange(DomainError):
    code = "capacity_out_of_range"
    status = 422
    message = _("State a number of cases a day from 1 to 5,000.")


class ModelUnknown(DomainError):
    code = "model_unknown"
    status = 404
    message = _("There is no such model.")


class AtWork(DomainError):
    code = "model_at_work"
    status = 409
    message = _("This model judges now. Step back or promote another one first.")


class NotBetter(DomainError):
    code = "model_not_better"
    status = 409
    message = _("The model is not better than the one that serves, so it is not promoted.")


class NotCompared(NotBetter):
    """Too few of the decided cancellations were scored by both."""

    code = "model_not_compared"
    message = _(
        "Not promoted. Decided cancellations that both this model and what serves have scored: %(count)s. At least %(enough)s are needed, confirmed and innocent ones among them."
    )


class Weaker(NotBetter):
    code = "model_weaker"
    message = _(
        "Not promoted. Compared on decided cancellations (%(count)s): this model puts a confirmed one above an innocent one in %(own)s cases of 100, what serves in %(standing)s; at least %(least)s are asked of any model."
    )


class NoWayBack(DomainError):
    code = "no_earlier_model"
    status = 409
    message = _("No earlier model is kept to go back to.")


class TooFewLabels(DomainError):
    code = "too_few_labels"
    status = 409
    message = _("There are too few decided cases to learn from.")
