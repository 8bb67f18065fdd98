"""One task that is open, one that became a deal, and everybody who could want to look: made by the real services."""

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client
from PIL import Image

from fraud import services as fraud
from fraud.models import Case, Decision, ModelVersion, SecondReview
from marketplace.accounts import services as accounts
from marketplace.accounts.models import User, VerificationDocument
from marketplace.chat import services as chat
from marketplace.kit import clock as kit_clock
from marketplace.kit.clock import now
from marketplace.kit.money import Money
from marketplace.trust import services as trust
from payments import services as payments
from payments.models import Intent, Posting, SavedCard, Subscription
from payments.selectors import Terms
from tasks_app import services
from tasks_app.models import Assignment, City
from tasks_app.posting.services import add_photo
from tests.access.appealed import appealed_case, third_look
from tests.access.held import held_money
from tests.conftest import Clock
from tests.factories import make_category, make_city
from tests.fraud.conftest import sweep, was_out_before, works_all_the_same
from tests.fraud.tracks import DAY
from tests.journeys import steps
from tests.people import sign_in
from tests.steps import write_draft

# The seven roles; customer and executor once as strangers to what is looked at and once as its own people.
VISITOR, NEWCOMER, CUSTOMER, EXECUTOR, BLOCKED, MODERATOR, OPERATOR = (
    "visitor", "newcomer", "customer", "executor", "blocked", "moderator", "operator",
)  # fmt: skip
OWNER, PARTICIPANT = "owner", "participant"
ACTORS = (VISITOR, NEWCOMER, CUSTOMER, EXECUTOR, BLOCKED, OWNER, PARTICIPANT, MODERATOR, OPERATOR)
STAFF = frozenset({MODERATOR, OPERATOR})

OPEN_ADDRESS, OPEN_FLAT = "Тверская улица, 31", "Канареечный подъезд"
DEAL_ADDRESS, DEAL_FLAT = "Тверская улица, 37", "Канареечный этаж"
SECRET_MESSAGE = "Канареечное слово о замке"
DRAFT_DETAILS = "Канареечный черновик"


@dataclass
class World:
    people: dict[str, User]
    values: dict[str, Any] = field(default_factory=dict)
    # what must not be seen → who may see it
    canaries: dict[str, frozenset[str]] = field(default_factory=dict)
    _cookies: dict[str, str] = field(default_factory=dict)

    def client(self, actor: str) -> Client:
        """A browser of this person, signed in once for all rows."""
        client = Client(raise_request_exception=False)
        if actor != VISITOR:
            client.cookies[settings.SESSION_COOKIE_NAME] = self._cookies[actor]
        return client

    def cookie(self, actor: str) -> str:
        return self._cookies[actor]

    def sign_all_in(self) -> None:
        for actor, person in self.people.items():
            self._cookies[actor] = sign_in(Client(), person).cookies[settings.SESSION_COOKIE_NAME].value


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 400), "teal").save(out, "JPEG")
    return out.getvalue()


def make_world() -> World:
    category, city = make_category(), make_city()
    make_category("plumber", name_ru="Сантехник", name_en="Plumber")
    owner, participant = steps.customer("Ольга Владелецкая"), steps.executor("Пётр Участников", money=Money(500_000))
    moderator = steps.moderator()
    world = World(
        {
            NEWCOMER: steps.executor("Новичок Первый", verified=False),
            CUSTOMER: steps.customer("Чужая Заказчица"),
            EXECUTOR: steps.executor("Чужой Мастер"),
            BLOCKED: steps.executor("Остановленный Мастер"),
            OWNER: owner,
            PARTICIPANT: participant,
            MODERATOR: moderator,
            OPERATOR: steps.operator(),
        }
    )
    x, y = city.centre.coords
    place = {"lon": round(x - 0.031873, 6), "lat": round(y + 0.014391, 6)}
    open_task = steps.post_task(
        by=owner, category=category, city=city, place={**place, "address": OPEN_ADDRESS, "flat": OPEN_FLAT}
    )
    other = {"lon": round(x - 0.047119, 6), "lat": round(y - 0.021657, 6)}
    deal_task = steps.post_task(
        by=owner, category=category, city=city, place={**other, "address": DEAL_ADDRESS, "flat": DEAL_FLAT}
    )
    response = steps.respond(open_task, by=participant)
    deal = steps.choose(steps.respond(deal_task, by=participant))
    awaited = services.open_secure_deal(response_id=response.pk, by=owner, operation="access-matrix-secure")
    held = held_money(owner, participant)
    thread = chat.open_thread(response_id=response.pk, by=owner)
    message = chat.send_message(thread_id=thread.pk, by=participant, text=SECRET_MESSAGE, client_id="canary-message")
    review = _reviewed(owner, participant)
    unreviewed = steps.finished(steps.post_task(by=owner), by=participant)
    draft = write_draft(owner=owner, details={"details": DRAFT_DETAILS})
    draft_photo = add_photo(draft=draft, source=io.BytesIO(photo()))
    album = trust.make_album(by=participant, title="Люстры")
    album_photo = trust.add_album_photo(album_id=album.pk, by=participant, source=photo())
    case, inquiries = _flagged(owner, participant, moderator)
    request, document, appeal, restriction = _standing(world)
    appealed = appealed_case(owner, participant)
    paper = _paper(owner, review.window.assignment_id)
    device, _ = accounts.issue_device_token(user=participant, name="Телефон")
    world.values = {
        "open_task": open_task.pk,
        "deal_task": deal_task.pk,
        "task_id": open_task.pk,
        "response_id": response.pk,
        "subscription_id": _subscription(participant),
        "cancel_verb": "cancel",
        "rollout_id": _rollout(world.people[OPERATOR], city),
        "deal_response": deal.response_id,
        "assignment_id": deal.pk,
        "reviewed_deal": review.window.assignment_id,
        "unreviewed_deal": unreviewed.pk,
        "thread_id": thread.pk,
        "message_id": message.pk,
        "user_id": participant.pk,
        "owner_id": owner.pk,
        "intent_id": a_top_up(participant),
        "top_up_id": a_top_up(participant),
        "card_id": a_kept_card(participant),
        "page_id": "cs_test_of_nobody",
        "line_id": Posting.objects.filter(account__owner_id=participant.pk).values_list("pk", flat=True).latest("pk"),
        "public_id": draft.public_id,
        "draft_id": draft.public_id,
        "draft_photo": draft_photo.public_id,
        "open_photo": services.add_task_photo(task_id=open_task.pk, by=owner, source=photo()).public_id,
        "album_id": album.pk,
        "album_photo": album_photo.pk,
        "review_id": review.pk,
        "document_id": paper.pk,
        "case_id": case.pk,
        "second_id": _second_look(case),
        "third_id": third_look(appealed),
        "inquiry_id": inquiries[participant.pk],
        "customers_inquiry": inquiries[owner.pk],
        "deal_id": deal.pk,
        "case_appeal": appealed.pk,
        "cancellation_id": case.cancellation_id,
        "cancelled_deal": case.cancellation.assignment_id,
        "secure_deal": awaited.pk,
        **held,
        "day": "2026-11-20",
        "part": "details",
        "request_id": request.pk,
        "verification_document": document.public_id,
        "appeal_id": appeal.pk,
        "restriction_id": restriction.pk,
        "device_id": device.pk,
        "slug": category.slug,
        "category": category.slug,
        "city": city.slug,
        "category_id": category.pk,
        "city_id": city.pk,
        "tomorrow": (now() + timedelta(days=1)).date().isoformat(),
    }
    parties = frozenset({OWNER, PARTICIPANT}) | STAFF
    world.canaries = {
        OPEN_FLAT: frozenset({OWNER}) | STAFF,
        OPEN_ADDRESS: frozenset({OWNER}) | STAFF,
        str(place["lon"])[:8]: frozenset({OWNER}) | STAFF,
        str(place["lat"])[:8]: frozenset({OWNER}) | STAFF,
        DEAL_FLAT: parties,
        DEAL_ADDRESS: parties,
        str(other["lon"])[:8]: parties,
        SECRET_MESSAGE: parties,
        DRAFT_DETAILS: frozenset({OWNER}),
        str(owner.phone): parties,
        str(owner.phone)[2:]: parties,
        owner.email: parties,
        str(participant.phone): parties,
        str(participant.phone)[2:]: parties,
        participant.email: parties,
    }
    world.sign_all_in()
    session = UserSession.objects.create(
        user=participant, ip="127.0.0.1", session_key="0" * 32, user_agent="Another phone"
    )
    world.values["session_id"] = session.pk
    world.values |= {"key": "irina", "pk": 1}
    return world


def _subscription(user: User) -> int:
    """A month in force, in another city so that fees here stay as they are."""
    city = make_city(slug="kazan", name_ru="Казань", name_en="Kazan", bounds=(49.0, 55.7, 49.3, 55.9))
    tariff = steps.price_list(city=city)
    return Subscription.objects.create(
        user=user,
        category=tariff.category,
        city=city,
        tariff=tariff,
        price_minor=149_000,
        currency="RUB",
        status="active",
        period_start=now(),
        period_end=now() + timedelta(days=30),
        covered_until=now() + timedelta(days=33),
    ).pk


def _rollout(operator: User, city: City) -> int:
    """Terms of another service, for a tenth of executors."""
    plumber = make_category("plumber", name_ru="Сантехник", name_en="Plumber")
    tariff = payments.publish_tariff(
        category_id=plumber.pk, city_id=city.pk, terms=Terms(9_000, 0), valid_from=now(), share=10, by=operator
    )
    return int(tariff.rollout.pk)


def _reviewed(owner: User, participant: User) -> Any:
    done = steps.finished(steps.post_task(by=owner), by=participant)
    trust.write_review(assignment_id=done.pk, by=participant, stars=5, criteria={}, text="Вежливая заказчица.")
    return trust.write_review(
        assignment_id=done.pk, by=owner, stars=5, criteria={"quality": 5}, text="Аккуратно и в срок."
    )


def _paper(owner: User, deal: int) -> Any:
    """The owner buys as a business and has the invoice of an accepted deal."""
    typed = payments.RequisitesForm(
        kind="company", name="ООО «Канарейка»", inn="7707083893", kpp="770701001", address="Москва, Арбат, 1"
    )
    payments.save_requisites(user_id=owner.pk, typed=typed)
    return services.issue_deal_paper(assignment_id=deal, series="invoice", by=owner)


def _flagged(owner: User, participant: User, moderator: User) -> tuple[Case, dict[int, int]]:
    """A deal that the customer cancelled and the executor did all the same, some days ago; both are asked about it."""
    clock = Clock()
    kit_clock.use_source(clock.now)
    try:
        was_out_before(participant, clock)
        clock.freeze(DAY - timedelta(hours=12))
        deal = steps.choose(steps.respond(steps.post_task(by=owner, details={"title": "Собрать шкаф"}), by=participant))
        Assignment.objects.filter(pk=deal.pk).update(
            window_start=DAY + timedelta(hours=14), window_end=DAY + timedelta(hours=17)
        )
        deal.refresh_from_db()
        clock.freeze(DAY + timedelta(hours=13.2))
        cancellation = steps.cancel(deal)
        works_all_the_same(deal, clock)
        sweep(clock, hour=17.1)
        case = Case.objects.get(cancellation=cancellation)
        services.answer_cancellation(
            cancellation_id=cancellation.pk, by=participant, reason="no_access", at_fault="executor"
        )
        Case.objects.filter(pk=case.pk).update(
            due_at=datetime.now(UTC) + timedelta(days=1)
        )  # it is still to be decided
        asked = fraud.ask_both(case_id=case.pk, by=moderator, question="Что было в этот день?")
    finally:
        kit_clock.use_source(None)
    return case, {inquiry.person_id: inquiry.pk for inquiry in asked}


def _second_look(case: Case) -> int:
    """The case as if somebody who is not among the seven had decided it, to be looked at once more."""
    ModelVersion.objects.create(version="geography-test", path="shipped:geography")
    first = Decision.objects.create(
        case=case, by=steps.moderator("Пётр Второй"), outcome="innocent", reason="Был дома."
    )
    return int(SecondReview.objects.create(case=case, first=first).pk)


def _standing(world: World) -> tuple[Any, VerificationDocument, Any, Any]:
    """A verification that waits, a restriction and an appeal against it."""
    applicant = world.people[NEWCOMER]
    request = accounts.submit_verification(
        user=applicant, full_name="Новичок Первый", document_kind="passport", document=photo(), selfie=photo(),
        consent_version=accounts.CONSENT_VERSION,
    )  # fmt: skip
    document = VerificationDocument.objects.filter(request=request).first()
    assert document is not None
    restriction = accounts.restrict(
        user=world.people[BLOCKED],
        kind="blocked",
        reason="Проверка",
        until=now() + timedelta(days=3),
        by=steps.moderator(),
    )
    other = accounts.restrict(
        user=world.people[PARTICIPANT],
        kind="posting",
        reason="Спам",
        until=now() + timedelta(days=3),
        by=steps.moderator(),
    )
    appeal = accounts.appeal_restriction(user=world.people[BLOCKED], restriction_id=restriction.pk, text="Это ошибка.")
    return request, document, appeal, other


def a_top_up(user: User) -> int:
    """One that came to nothing: the matrix asks no processor."""
    return Intent.objects.get_or_create(
        operation=f"top_up:{user.pk}:access",
        defaults={
            "kind": Intent.Kind.TOP_UP_PAGE,
            "user": user,
            "amount_minor": 77_700,
            "currency": "RUB",
            "idempotency_key": f"access-{user.pk}",
            "status": Intent.Status.CANCELLED,
        },
    )[0].pk


def a_kept_card(user: User) -> int:
    return SavedCard.objects.create(
        user=user, processor_id=f"pm_{user.pk}", brand="visa", last4="4242", exp_month=12, exp_year=2034
    ).pk
