from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "marketplace.kit"
    label = "kit"

    def ready(self) -> None:
        from django.conf import settings

        from marketplace.kit import checks, demo_clock  # noqa: F401  checks registers the system checks

        if settings.DEMO:
            demo_clock.install()
