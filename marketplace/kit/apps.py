from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "marketplace.kit"
    label = "kit"

    def ready(self) -> None:
        from marketplace.kit import checks  # noqa: F401  registers the system checks
