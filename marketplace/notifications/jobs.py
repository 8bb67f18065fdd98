from celery import shared_task

from marketplace.notifications import services


@shared_task(name="notifications.deliver")
def deliver() -> int:
    return services.deliver_due()


SCHEDULE = {"notifications.deliver": 30}
