from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "marketplace.chat"
    label = "chat"

    def ready(self) -> None:
        from marketplace.chat.selectors import note_answer
        from tasks_app import hooks

        hooks.customer_answered.register(note_answer)
