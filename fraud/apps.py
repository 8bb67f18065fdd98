from django.apps import AppConfig


class FraudConfig(AppConfig):
    name = "fraud"

    def ready(self) -> None:
        from fraud.services import plan_evidence
        from tasks_app import hooks

        hooks.assignment_cancelled.register(plan_evidence)
