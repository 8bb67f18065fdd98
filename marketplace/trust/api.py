"""Reviews and portfolios for phone apps."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Field, File, Form, Query, Router, Schema, UploadedFile

from marketplace.accounts.api import auth
from marketplace.accounts.requests import SignedIn
from marketplace.kit.http import PageKey
from marketplace.trust import selectors, services
from marketplace.trust.models import CRITERIA, Album, AlbumPhoto, Review

router = Router(tags=["trust"])

Stars = Field(..., ge=1, le=5)


class ReviewIn(Schema):
    stars: int = Stars
    quality: int | None = Field(None, ge=1, le=5)
    punctuality: int | None = Field(None, ge=1, le=5)
    politeness: int | None = Field(None, ge=1, le=5)
    price: int | None = Field(None, ge=1, le=5)
    text: str = Field("", max_length=2000)


class ReviewOut(Schema):
    id: int
    author_name: str
    stars: int
    criteria: dict[str, int]
    text: str
    written_at: datetime
    revealed_at: datetime | None
    reply: str

    @staticmethod
    def resolve_author_name(review: Review) -> str:
        return review.author.public_name


class ReviewsIn(PageKey):
    role: Literal["executor", "customer"] = "executor"


class ReviewsOut(Schema):
    average: float | None
    count: int
    reviews: list[ReviewOut]
    next_key: str | None


class ReplyIn(Schema):
    text: str = Field(..., min_length=2, max_length=1000)


class PhotoOut(Schema):
    id: int
    url: str
    thumbnail_url: str
    caption: str

    @staticmethod
    def resolve_url(photo: AlbumPhoto) -> str:
        return photo.image.url

    @staticmethod
    def resolve_thumbnail_url(photo: AlbumPhoto) -> str:
        return photo.thumbnail.url


class AlbumOut(Schema):
    id: int
    title: str
    photos: list[PhotoOut]

    @staticmethod
    def resolve_photos(album: Album) -> list[AlbumPhoto]:
        return list(album.photos.all())


class AlbumIn(Schema):
    title: str = Field(..., min_length=2, max_length=80)


@router.get("/people/{int:user_id}/reviews", response=ReviewsOut, summary="Public reviews about a person")
def reviews(
    request: HttpRequest,
    user_id: int,
    page: Query[ReviewsIn],
) -> dict[str, object]:
    rating = selectors.rating_of(user_id, page.role)
    found = selectors.reviews_of(user_id, page.role, after=page.after)
    return {"average": rating.average, "count": rating.count, "reviews": found.rows, "next_key": found.next_key}


@router.get("/people/{int:user_id}/portfolio", response=list[AlbumOut], summary="An executor's albums")
def portfolio(request: SignedIn, user_id: int) -> list[Album]:
    return list(selectors.portfolio_of(user_id))


@router.post("/deals/{int:assignment_id}/review", response=ReviewOut, auth=auth, summary="Review the other side, once")
def write_review(request: SignedIn, assignment_id: int, body: ReviewIn) -> Review:
    criteria = body.dict(include=set(CRITERIA), exclude_none=True)
    return services.write_review(
        assignment_id=assignment_id, by=request.user, stars=body.stars, criteria=criteria, text=body.text
    )


@router.post("/reviews/{int:review_id}/reply", response=ReviewOut, auth=auth, summary="Reply publicly, once")
def reply(request: SignedIn, review_id: int, body: ReplyIn) -> Review:
    return services.reply_to_review(review_id=review_id, by=request.user, text=body.text)


@router.post("/portfolio/albums", response={201: AlbumOut}, auth=auth, summary="Begin an album")
def make_album(request: SignedIn, body: AlbumIn) -> tuple[int, Album]:
    return 201, services.make_album(by=request.user, title=body.title)


@router.post("/portfolio/albums/{int:album_id}/photos", response={201: PhotoOut}, auth=auth, summary="Add a picture")
def add_photo(
    request: SignedIn, album_id: int, photo: File[UploadedFile], caption: Form[str] = ""
) -> tuple[int, AlbumPhoto]:
    kept = services.add_album_photo(album_id=album_id, by=request.user, source=photo.file or b"", caption=caption)
    return 201, kept


@router.delete("/portfolio/photos/{int:photo_id}", response={204: None}, auth=auth, summary="Delete a picture")
def delete_photo(request: SignedIn, photo_id: int) -> tuple[int, None]:
    services.delete_album_photo(photo_id=photo_id, by=request.user)
    return 204, None
