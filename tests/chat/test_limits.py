"""How much and how long one may write: numbers of the settings, named in the refusal."""

from typing import Any

import pytest

from marketplace.chat import services
from marketplace.chat.models import Message, Thread
from marketplace.kit.errors import PolicyDenied
from tests.conftest import Clock
from tests.journeys import steps

pytestmark = pytest.mark.django_db


def write(thread: Thread, number: int) -> Message:
    return services.send_message(
        thread_id=thread.pk, by=thread.customer, text=f"Вопрос {number}", client_id=f"message-{number:04d}"
    )


def test_more_than_so_many_messages_a_minute_are_refused(settings: Any, clock: Clock) -> None:
    settings.RULES = {**settings.RULES, "chat_messages_per_minute": 2}
    response = steps.respond(steps.post_task())
    thread = services.open_thread(response_id=response.pk, by=response.task.customer)
    write(thread, 1)
    write(thread, 2)
    with pytest.raises(PolicyDenied) as refused:
        write(thread, 3)
    assert (refused.value.code, Message.objects.count()) == ("too_many_messages", 2)
    clock.advance(minutes=2)
    write(thread, 3)
    assert Message.objects.count() == 3


def test_so_many_days_after_the_task_the_conversation_is_over(settings: Any, clock: Clock) -> None:
    settings.RULES = {**settings.RULES, "chat_open_days": 3}
    deal = steps.finished()
    thread = services.open_thread(response_id=deal.response_id, by=deal.customer)
    clock.advance(days=2)
    write(thread, 1)
    clock.advance(days=2)
    with pytest.raises(PolicyDenied) as refused:
        write(thread, 2)
    assert (refused.value.code, Message.objects.count()) == ("conversation_over", 1)
    assert "3" in refused.value.sentence
