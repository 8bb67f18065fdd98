"""Evidence is collected when due, and what nobody decided in time ends for the executor."""

from celery import shared_task

from fraud import services
from fraud.signals import finding


@shared_task(name="fraud.collect_evidence")
def collect_evidence() -> int:
    return services.collect_due_evidence()


@shared_task(name="fraud.expire_holds")
def expire_holds() -> int:
    return services.expire_overdue_holds()


@shared_task(name="fraud.find_signals")
def find_signals() -> int:
    return finding.find_signals()


SCHEDULE = {"fraud.collect_evidence": 30, "fraud.expire_holds": 300, "fraud.find_signals": 3600}
