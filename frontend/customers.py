"""What the service knows of a customer, for an executor who thinks of responding: one list for all pages."""

from django.utils.translation import gettext as _

from frontend import words
from marketplace.accounts.selectors import CustomerStanding
from tasks_app.selectors import CustomerRecord


def customer_facts(standing: CustomerStanding, record: CustomerRecord) -> list[tuple[str, str]]:
    """(what, value), in the order in which they are shown."""
    facts = [
        (_("Phone"), _("verified") if standing.phone_verified else _("not verified")),
        (_("Signed up"), words.day(standing.registered_at)),
        (_("Tasks posted"), words.number(record.tasks)),
    ]
    if record.hire_rate is not None:
        share = words.percent(record.hire_rate)
        facts.append((_("Chooses an executor"), _("in %(share)s of cases") % {"share": share}))
    facts.append((_("Deals accepted"), words.number(record.deals)))
    facts.append((_("Deals cancelled by own fault"), words.number(record.cancellations_at_fault)))
    return facts
