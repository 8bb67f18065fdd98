from celery import shared_task

from marketplace.trust import services


@shared_task(name="trust.reveal_due_reviews")
def reveal_due_reviews() -> int:
    return services.reveal_due_reviews()


SCHEDULE = {"trust.reveal_due_reviews": 300}
