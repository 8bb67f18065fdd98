"""Events of one transaction: told together after the commit, numbered without gaps, dropped with what was rolled back."""

import asyncio
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from marketplace.kit import live
from marketplace.kit.channel_layer import LiveChannelLayer
from marketplace.kit.models import LiveEvent

pytestmark = pytest.mark.django_db(transaction=True)


def say(topic: str, **payload: Any) -> None:
    live.publish(topic=topic, kind="said", payload=payload)


class Enough(Exception):
    pass


@transaction.atomic
def says_and_fails(n: int) -> None:
    say("task:1", n=n)
    raise Enough


def told() -> list[tuple[str, int, Any]]:
    return list(LiveEvent.objects.order_by("topic", "sequence").values_list("topic", "sequence", "payload"))


def test_two_topics_are_told_in_one_statement() -> None:
    with CaptureQueriesContext(connection) as statements, transaction.atomic():
        say("user:2", n=1)
        with transaction.atomic(savepoint=False):
            say("task:1", n=2)
        assert told() == []
    assert (
        sum("kit_livetopic" in query["sql"] or "EXECUTE" in query["sql"] for query in statements) <= 2
    )  # its plan, it
    assert told() == [("task:1", 1, {"n": 2}), ("user:2", 1, {"n": 1})]


def test_several_events_of_one_topic_keep_their_order() -> None:
    with transaction.atomic():
        for n in range(3):
            say("task:1", n=n)
        say("task:2", n=9)
    assert told() == [
        ("task:1", 1, {"n": 0}),
        ("task:1", 2, {"n": 1}),
        ("task:1", 3, {"n": 2}),
        ("task:2", 1, {"n": 9}),
    ]


def test_what_was_rolled_back_is_not_told() -> None:
    with transaction.atomic():
        say("task:1", n=1)
        with pytest.raises(Enough):
            says_and_fails(2)
        say("task:1", n=3)
    with pytest.raises(Enough):
        says_and_fails(4)
    with transaction.atomic():
        say("task:1", n=5)
    assert told() == [("task:1", 1, {"n": 1}), ("task:1", 2, {"n": 3}), ("task:1", 3, {"n": 5})]


def test_a_consumer_hears_what_a_request_sends_without_a_loop() -> None:
    async def listen() -> Any:
        layer = LiveChannelLayer(hosts=[settings.REDIS_URL], prefix="test-live")
        channel = await layer.new_channel()
        await layer.group_add("task.1", channel)
        await asyncio.to_thread(layer.send_to_groups, [("task.1", {"type": "live.event", "sequence": 7})])
        heard = await asyncio.wait_for(layer.receive(channel), 5)
        await layer.flush()
        return heard

    assert asyncio.run(listen()) == {"type": "live.event", "sequence": 7}


def test_without_redis_the_event_is_kept_and_nobody_fails(settings: Any) -> None:
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "marketplace.kit.channel_layer.LiveChannelLayer",
            "CONFIG": {"hosts": ["redis://127.0.0.1:1/0"], "prefix": "live"},
        }
    }
    with transaction.atomic():
        say("task:1", n=1)
    assert told() == [("task:1", 1, {"n": 1})]
