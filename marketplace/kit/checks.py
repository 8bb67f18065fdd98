from typing import Any

from django.core.checks import Error, register

from marketplace.kit.hooks import Hook


@register()
def hooks_are_registered(**_: Any) -> list[Error]:
    return [
        Error(f"Nothing is registered for the hook {hook.name}.", id="kit.E001")
        for hook in Hook.known
        if hook.required and not hook.handlers
    ]
