"""Evidence is collected when due, and what nobody decided in time ends for the executor."""

from celery import shared_task
from celery.schedules import crontab

from fraud import services
from fraud.learning import figures, training
from fraud.learning.errors import TooFewLabels
from fraud.signals import finding


@shared_task(name="fraud.collect_evidence")
def collect_evidence() -> int:
    return services.collect_due_evidence()


@shared_task(name="fraud.read_positions")
def read_positions() -> int:
    """Makes stays of what came, and finds what came late; a score that is due earlier reads by itself."""
    return services.read_all_positions()


@shared_task(name="fraud.expire_holds")
def expire_holds() -> int:
    """All that ends by time, for the executor: cases, contradicting looks, appeals."""
    return services.expire_overdue_holds() + services.settle_overdue() + services.uphold_unanswered_appeals()


@shared_task(name="fraud.forget_evidence")
def forget_evidence() -> int:
    """First what is over lets go of its positions, then what is old is forgotten."""
    return services.end_cases_that_are_over() + services.forget_old_evidence()


@shared_task(name="fraud.find_signals")
def find_signals() -> int:
    return finding.find_signals()


@shared_task(name="fraud.take_figures")
def take_figures() -> int:
    return len(figures.take_figures(back=0)) + len(figures.take_figures(back=1))


@shared_task(name="fraud.retrain", soft_time_limit=3600)
def retrain() -> str:
    """Weekly, on the queue `training`; with too few labels nothing happens."""
    try:
        return training.retrain().version
    except TooFewLabels:
        return ""


SCHEDULE = {
    "fraud.collect_evidence": 30,
    "fraud.read_positions": 30,
    "fraud.expire_holds": 300,
    "fraud.forget_evidence": 3600,
    "fraud.find_signals": 3600,
    "fraud.take_figures": 3600,
    "fraud.retrain": crontab(hour=4, minute=10, day_of_week=1),
}
