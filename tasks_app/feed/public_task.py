"""A task as everybody may see it. The row has an exact point, an address and contacts behind it: none of them gets here;
contacts that the customer wrote into the text are masked, as in a chat before the choice."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from marketplace.accounts.selectors import CustomerStanding, customer_standing
from marketplace.kit.contacts import mask_contacts
from marketplace.kit.errors import NotFound
from marketplace.kit.money import Money
from tasks_app.assignments.selectors.records import CustomerRecord, customer_record
from tasks_app.feed.area import longitude_latitude
from tasks_app.models import Category, City, District, Question, Task

CELL_RADIUS_M = 350  # a circle around a public cell: half its diagonal


@dataclass(frozen=True, slots=True)
class PublicPhoto:
    url: str
    thumbnail: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PublicTask:
    """`longitude`, `latitude`: the centre of the public cell; the place is somewhere within `CELL_RADIUS_M` of it.
    `further_stops`: how many more points the route has. `answers`: question → answer, in the reader's language."""

    id: int
    status: str
    status_name: str
    title: str
    details: str
    answers: list[tuple[str, str]]
    photos: list[PublicPhoto]
    category: Category
    city: City
    district: District | None
    is_remote: bool
    longitude: float | None
    latitude: float | None
    further_stops: int
    timing: str
    starts_at: datetime | None
    ends_at: datetime | None
    budget: str
    price: Money | None
    price_high: Money | None
    responses_count: int
    max_responses: int
    secure_deal: bool
    created_at: datetime
    edited_at: datetime | None
    respond_by: datetime
    customer_id: int
    customer_name: str
    standing: CustomerStanding
    record: CustomerRecord

    @property
    def is_open(self) -> bool:
        return self.status == Task.Status.OPEN

    @property
    def is_full(self) -> bool:
        return self.responses_count >= self.max_responses


def public_task(task_id: int) -> PublicTask:
    """Raises NotFound, also for a task that a moderator removed."""
    task = Task.objects.filter(pk=task_id).first()
    if task is None:
        raise NotFound
    return public_view(task)


def public_view(task: Task) -> PublicTask:
    """Raises NotFound for a task that a moderator removed."""
    if task.status == Task.Status.REMOVED:
        raise NotFound
    longitude, latitude = _cell_centre(task)
    return PublicTask(
        id=task.pk,
        status=task.status,
        status_name=task.get_status_display(),
        title=mask_contacts(task.title).text,
        details=mask_contacts(task.details).text,
        answers=_answers(task),
        photos=[PublicPhoto(p.image.url, p.thumbnail.url, p.width, p.height) for p in task.photos.all()],
        category=task.category,
        city=task.city,
        district=task.district,
        is_remote=task.is_remote,
        longitude=longitude,
        latitude=latitude,
        further_stops=task.points.count(),
        timing=task.timing,
        starts_at=task.starts_at,
        ends_at=task.ends_at,
        budget=task.budget,
        price=task.price,
        price_high=task.price_high,
        responses_count=task.responses_count,
        max_responses=task.max_responses,
        secure_deal=task.secure_deal,
        created_at=task.created_at,
        edited_at=task.edited_at,
        respond_by=task.respond_by,
        customer_id=task.customer_id,
        customer_name=task.customer.public_name,
        standing=customer_standing(task.customer_id),
        record=customer_record(task.customer_id),
    )


def _cell_centre(task: Task) -> tuple[float | None, float | None]:
    if task.public_x is None or task.public_y is None:
        return None, None
    longitude, latitude = longitude_latitude(task.public_x, task.public_y)
    return round(longitude, 5), round(latitude, 5)


def _answers(task: Task) -> list[tuple[str, str]]:
    questions = task.category.questions.all() if task.answers else ()
    return [(q.text, _answer(q, task.answers[q.key])) for q in questions if q.key in task.answers]


def _answer(question: Question, given: object) -> str:
    if question.kind == Question.Kind.YES_NO:
        return _("yes") if given == "yes" else _("no")
    if question.kind == Question.Kind.CHOICE:
        named = {option["key"]: option for option in question.options}.get(str(given), {})
        return str(named.get("ru" if question.text == question.text_ru else "en", given))
    return mask_contacts(str(given)).text
