"""The operator's table of tariffs: look, try, publish, roll out; nobody else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from frontend.desk.tariffs.words import lines
from marketplace.kit.clock import now
from payments.models import Tariff
from tests.journeys import steps
from tests.payments.factories import category, city, tariff
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    tariff(12_000)
    sign_in(client, steps.operator())
    return client


def form(**changed: object) -> dict[str, object]:
    day = (now() + timedelta(days=10)).date().isoformat()
    return {"fee": "150", "month": "1490", "commission": "5", "payer": "both", "begins": day, "share": "100"} | changed


def address() -> str:
    return f"/desk/tariffs/{category().pk}/{city().pk}/"


def test_the_table_says_which_models_hold(desk: Client) -> None:
    page = desk.get("/desk/tariffs/").content.decode()
    assert "120\xa0₽ за отклик" in page
    assert "1\xa0490\xa0₽ в месяц" in page
    assert address() in page


def test_a_preview_publishes_nothing_and_says_what_it_assumes(desk: Client) -> None:
    page = desk.post(address(), {**form(), "preview": "1"}).content.decode()
    assert "Отклики бесплатного первого дня не учтены." in page
    assert "Опубликовать и оповестить исполнителей" in page
    assert Tariff.objects.count() == 1


def test_published_terms_stand_in_the_history(desk: Client) -> None:
    assert desk.post(address(), {**form(), "publish": "1"}).status_code == 302
    made = Tariff.objects.latest("pk")
    assert (made.response_fee_minor, made.commission_bp, made.commission_payer) == (15_000, 500, "both")
    page = desk.get("/en" + address()).content.decode()
    assert "₽150 a response" in page
    assert "ahead" in page


@pytest.mark.parametrize(("bp", "ru", "en"), [(750, "7,5 %", "7.5%"), (250, "2,5 %", "2.5%"), (500, "5 %", "5%")])
def test_a_share_is_told_to_the_hundredth(bp: int, ru: str, en: str, in_russian: None) -> None:
    made = Tariff(commission_bp=bp, commission_payer="customer", currency="RUB")
    assert lines(made)[0].replace("\xa0", " ").startswith(f"{ru} с безопасной сделки")
    with translation.override("en"):
        assert lines(made)[0].startswith(f"{en} of a secure deal")


def test_a_rise_without_notice_is_explained_and_what_was_typed_stays(desk: Client) -> None:
    answer = desk.post(address(), {**form(begins=(now() + timedelta(days=1)).date().isoformat()), "publish": "1"})
    assert answer.status_code == 422
    assert "Начать можно не раньше" in answer.content.decode()
    assert 'value="150"' in answer.content.decode()
    assert Tariff.objects.count() == 1


def test_a_rollout_is_widened_and_stopped_on_the_page(desk: Client) -> None:
    desk.post(address(), {**form(share="20"), "publish": "1"})
    rollout = Tariff.objects.latest("pk").rollout
    page = desk.get(address()).content.decode()
    assert "Из активных до запуска активны и теперь" in page
    day = (now() + timedelta(days=30)).date().isoformat()
    desk.post(f"/desk/tariffs/rollouts/{rollout.pk}/widen/", {"share": "60", "begins": day})
    assert [step.share_percent for step in rollout.steps.order_by("at")] == [20, 60]
    desk.post(f"/desk/tariffs/rollouts/{rollout.pk}/stop/")
    assert rollout.steps.order_by("-at").first().share_percent == 0
    assert "Пробные запуски" not in desk.get("/desk/tariffs/").content.decode()


def test_moderators_and_strangers_find_nothing_here(client: Client) -> None:
    tariff(12_000)
    for somebody in (steps.moderator(), steps.customer()):
        sign_in(client, somebody)
        assert client.get("/desk/tariffs/").status_code == 404
        assert client.post(address(), {**form(), "publish": "1"}).status_code == 404
    assert Tariff.objects.count() == 1
