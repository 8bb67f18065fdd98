"""Deals whose money may not be held any longer."""

from celery import shared_task

from payments.selectors import deals_at_their_end
from tasks_app.models import Assignment
from tasks_app.secure import services
from tasks_app.sweeping import sweep


@shared_task(name="tasks_app.end_old_secure_deals")
def end_old_secure_deals() -> int:
    due = Assignment.objects.filter(pk__in=deals_at_their_end().values("assignment_id"))
    return sweep(due, services.end_old_deal)


SCHEDULE = {"tasks_app.end_old_secure_deals": 3600}
