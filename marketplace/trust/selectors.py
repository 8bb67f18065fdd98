"""Reads of reviews, ratings and portfolios. Only what is revealed counts and shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Avg, Count, Q, QuerySet

from marketplace.kit.errors import NotFound
from marketplace.kit.pagination import Page, key_page
from marketplace.trust.models import Album, Review, ReviewWindow

if TYPE_CHECKING:
    from marketplace.accounts.models import User


@dataclass(frozen=True, slots=True)
class Rating:
    """`average` of 1 to 5 stars; None without reviews."""

    average: float | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class RecentReview:
    id: int
    stars: int
    text: str
    author_name: str
    executor_id: int
    executor_name: str
    task_title: str
    category_id: int
    created_at: datetime


def ratings_of(user_ids: Iterable[int], role: str = Review.Role.EXECUTOR) -> dict[int, Rating]:
    """The rating of each person in a role, in one query; people without reviews get an empty one."""
    wanted = list(user_ids)
    rows = Review.objects.filter(about_id__in=wanted, about_role=role, revealed_at__isnull=False)
    found = {
        row["about_id"]: Rating(float(row["average"]), row["count"])
        for row in rows.values("about_id").annotate(average=Avg("stars"), count=Count("pk"))
    }
    return {user_id: found.get(user_id, Rating()) for user_id in wanted}


def rating_of(user_id: int, role: str = Review.Role.EXECUTOR) -> Rating:
    return ratings_of([user_id], role)[user_id]


def criteria_of(user_id: int, role: str = Review.Role.EXECUTOR) -> dict[str, float]:
    """The average of each criterion over the last 200 public reviews."""
    sums: dict[str, list[int]] = {}
    rows = Review.objects.filter(about_id=user_id, about_role=role, revealed_at__isnull=False).order_by("-id")
    for criteria in rows.values_list("criteria", flat=True)[:200]:
        for name, value in criteria.items():
            sums.setdefault(name, []).append(value)
    return {name: sum(values) / len(values) for name, values in sums.items()}


def reviews_of(
    user_id: int, role: str = Review.Role.EXECUTOR, *, after: str | None = None, size: int = 10
) -> Page[Review]:
    """Public reviews about a person, newest first."""
    rows = Review.objects.filter(about_id=user_id, about_role=role, revealed_at__isnull=False)
    rows = rows.select_related("author", "window__assignment__task", "category")
    return key_page(rows, order=["id"], after=after, size=size)


def recent_reviews(*, limit: int, category_id: int | None = None, city_id: int | None = None) -> list[RecentReview]:
    """Public words about executors, newest first; of a category or a city when named."""
    rows = Review.objects.filter(about_role=Review.Role.EXECUTOR, revealed_at__isnull=False, stars__gte=4)
    rows = rows.exclude(text="").select_related("author", "about", "window__assignment__task")
    if category_id is not None:
        rows = rows.filter(category_id=category_id)
    if city_id is not None:
        rows = rows.filter(window__assignment__task__city_id=city_id)
    return [_recent(row) for row in rows.order_by("-id")[:limit]]


def review_about(user: "User", review_id: int) -> Review:
    """A public review about this person. Raises NotFound for any other."""
    rows = Review.objects.filter(about_id=user.pk, revealed_at__isnull=False).select_related("author")
    found = rows.filter(pk=review_id).first()
    if found is None:
        raise NotFound
    return found


def review_window(assignment_id: int) -> ReviewWindow | None:
    return ReviewWindow.objects.filter(assignment_id=assignment_id).first()


def reviews_in(window: ReviewWindow, reader: "User") -> list[Review]:
    """What the reader may see of a window: the own one always, the other's once revealed."""
    rows = window.reviews.select_related("author")
    return [row for row in rows if row.author_id == reader.pk or row.revealed_at is not None]


def portfolio_of(user_id: int) -> "QuerySet[Album]":
    """Albums with their pictures, newest first."""
    return Album.objects.filter(executor_id=user_id).prefetch_related("photos").order_by("-created_at", "-id")


def repeated_reviews_of(user_id: int, *, limit: int = 20) -> list[Review]:
    """For staff: the person's reviews whose text repeats an own earlier one, newest first; a signal, not a verdict."""
    rows = Review.objects.filter(author_id=user_id, repeats_own_text=True).select_related("about")
    return list(rows.order_by("-written_at", "-id")[:limit])


@dataclass(frozen=True, slots=True)
class RepeatedText:
    """`others`: how many other people wrote the same text; 0 when only the author did so before."""

    review_id: int
    author_id: int
    about_id: int
    others: int
    at: datetime


def repeated_texts(*, since: datetime) -> list[RepeatedText]:
    """Reviews whose text repeats an own earlier one or stands under several people's names; short ones say nothing."""
    several = (
        Review.objects.filter(written_at__gte=since)
        .exclude(text_key="")
        .values("text_key")
        .annotate(authors=Count("author_id", distinct=True))
        .filter(authors__gt=1)
    )
    shared = {row["text_key"]: row["authors"] - 1 for row in several}
    rows = Review.objects.filter(written_at__gte=since).filter(Q(repeats_own_text=True) | Q(text_key__in=shared))
    return [
        RepeatedText(row.pk, row.author_id, row.about_id, shared.get(row.text_key, 0), row.written_at)
        for row in rows.order_by("pk")
        if len(row.text) >= 30
    ]


def _recent(row: Review) -> RecentReview:
    return RecentReview(
        id=row.pk,
        stars=row.stars,
        text=row.text,
        author_name=row.author.public_name,
        executor_id=row.about_id,
        executor_name=row.about.public_name,
        task_title=row.window.assignment.task.title,
        category_id=row.category_id,
        created_at=row.written_at,
    )
