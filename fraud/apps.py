from django.apps import AppConfig


class FraudConfig(AppConfig):
    name = "fraud"

    def ready(self) -> None:
        from fraud.services import (
            carry_out_appeal,
            forget_day,
            forget_days_before,
            keep_refund_waiting,
            plan_evidence,
        )
        from marketplace.accounts import hooks as people
        from payments import hooks as money
        from tasks_app import hooks

        hooks.assignment_cancelled.register(plan_evidence)
        money.refund_due.register(keep_refund_waiting)
        hooks.track_deleted.register(forget_day)
        hooks.tracks_forgotten.register(forget_days_before)
        people.appeal_decided.register(carry_out_appeal)
