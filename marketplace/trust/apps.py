from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "marketplace.trust"
    label = "trust"

    def ready(self) -> None:
        from marketplace.trust.services import open_review_window
        from tasks_app import hooks

        hooks.assignment_closed.register(open_review_window)
        hooks.dispute_lapsed.register(open_review_window)
