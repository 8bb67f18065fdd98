from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "marketplace.notifications"
    label = "notifications"

    def ready(self) -> None:
        from marketplace.accounts import hooks
        from marketplace.notifications import standing

        hooks.verification_decided.register(standing.tell_of_verification)
        hooks.person_restricted.register(standing.tell_of_restriction)
        hooks.restriction_lifted.register(standing.tell_of_lifting)
        hooks.appeal_decided.register(standing.tell_of_appeal)
