"""Executors as the public pages show them: name, rating and deals joined from three packages."""

from dataclasses import dataclass

from marketplace.accounts import selectors as accounts
from marketplace.trust import selectors as trust
from tasks_app.public import selectors


@dataclass(frozen=True, slots=True)
class ExecutorLine:
    """`deals`: accepted ones of the last 180 days in the place and service the page is about."""

    user_id: int
    name: str
    photo_url: str
    verified: bool
    about: str
    rating: float | None
    reviews: int
    deals: int


def executors_for(*, city_id: int, category_id: int | None = None, limit: int = 6) -> list[ExecutorLine]:
    """Those with the most deals there, the better rated first among equals."""
    counted = selectors.experienced_executors(city_id=city_id, category_id=category_id, limit=limit)
    ids = [user_id for user_id, _deals in counted]
    people, ratings = accounts.public_people(ids), trust.ratings_of(ids)
    lines = [
        ExecutorLine(
            user_id=user_id,
            name=people[user_id].name,
            photo_url=people[user_id].photo_url,
            verified=people[user_id].verified,
            about=people[user_id].about,
            rating=ratings[user_id].average,
            reviews=ratings[user_id].count,
            deals=deals,
        )
        for user_id, deals in counted
        if user_id in people
    ]
    return sorted(lines, key=lambda line: (-line.deals, -(line.rating or 0)))
