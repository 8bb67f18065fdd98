"""Sweeps over money rows; each does what is due and may be run any number of times."""

from celery import shared_task

from payments import services


@shared_task(name="payments.pay_due_refunds")
def pay_due_refunds() -> int:
    return services.pay_due_refunds()


@shared_task(name="payments.refund_unopened")
def refund_unopened() -> int:
    return services.refund_unopened()


@shared_task(name="payments.expire_holds")
def expire_holds() -> int:
    return services.expire_holds()


SCHEDULE = {"payments.pay_due_refunds": 30, "payments.refund_unopened": 60, "payments.expire_holds": 60}
