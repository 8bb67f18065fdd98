from django.apps import AppConfig


class FraudConfig(AppConfig):
    name = "fraud"

    def ready(self) -> None:
        from fraud.services import carry_out_appeal, plan_evidence
        from marketplace.accounts import hooks as people
        from tasks_app import hooks

        hooks.assignment_cancelled.register(plan_evidence)
        people.appeal_decided.register(carry_out_appeal)
