"""How often visitors may ask for what costs us: counted in the cache by network address, in fixed spans of time."""

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from marketplace.accounts.errors import LimitsAway, TooManyRequests
from marketplace.kit.clock import now


@dataclass(frozen=True, slots=True)
class Limit:
    """`rule`: the name of its number in settings.RULES. `opens_without_counters`: reads go on while Redis is away; what leaves
    something behind does not."""

    name: str
    rule: str
    seconds: int
    opens_without_counters: bool


PHOTOS = Limit("photos", "visitor_photos_per_hour", 3600, opens_without_counters=False)
ADDRESSES = Limit("addresses", "visitor_addresses_per_minute", 60, opens_without_counters=True)


def limit_visitor(request: HttpRequest, limit: Limit) -> None:
    """Count one more of a visitor's requests; people who are signed in are known and not counted.

    Raises TooManyRequests beyond the limit, LimitsAway when it cannot be counted and may not pass uncounted.
    """
    if request.user.is_authenticated:
        return
    span = int(now().timestamp()) // limit.seconds
    key = f"limit:{limit.name}:{get_adapter().get_client_ip(request)}:{span}"
    try:
        cache.add(key, 0, timeout=limit.seconds)
        used = cache.incr(key)
    except ValueError:  # the span ended between the two
        return
    except RedisError as away:
        if limit.opens_without_counters:
            return
        raise LimitsAway from away
    if used > int(settings.RULES[limit.rule]):
        raise TooManyRequests
