"""A visitor posts a task on a phone, from the first word to the published page."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from marketplace.accounts.models import User
from tasks_app.models import Task, TaskDraft
from tests.factories import add_question, make_category, make_city
from tests.people import code_by_sms

PHONE = "+79123456789"
Phone = Callable[..., Page]


@pytest.fixture
def _world(transactional_db: None) -> None:
    make_city()
    add_question(make_category())


@pytest.fixture
def photo(tmp_path: Path) -> str:
    out = io.BytesIO()
    Image.new("RGB", (600, 400), "teal").save(out, "JPEG")
    (tmp_path / "lamp.jpg").write_bytes(out.getvalue())
    return str(tmp_path / "lamp.jpg")


def go_on(page: Page) -> None:
    """The one button of the screen."""
    page.locator(".dock .button").click()
    page.wait_for_load_state("load")


def choose(page: Page, field: str, value: str) -> None:
    chosen = page.locator(f"[name={field}][value={value}]").get_attribute("id")
    page.locator(f"label[for={chosen}]").click()


def write(page: Page, photo: str) -> None:
    """From the questions to the preview; works the same without scripts."""
    choose(page, "walls", "brick")
    go_on(page)
    page.fill("#id_title", "Повесить люстру")
    page.fill("#id_details", "Потолок бетонный")
    go_on(page)
    page.fill("#id_address", "Арбат 5")
    page.fill("#id_flat", "кв. 7")
    go_on(page)
    page.locator("label[for=id_day_1]").click()
    choose(page, "slot", "evening")
    go_on(page)
    page.fill("#id_price", "2500")
    go_on(page)
    page.set_input_files("#id_photos", photo)


def confirm_and_publish(page: Page) -> Task:
    go_on(page)
    page.fill("[name=login]", PHONE)
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile("/login/code/"))
    page.fill("[name=code]", code_by_sms(PHONE))
    page.locator("main form button").first.click()
    page.wait_for_load_state("load")
    if "/welcome/" in page.url:
        page.fill("[name=name]", "Мария Смирнова")
        page.locator("main form:has([name=name]) button[type=submit]").first.click()
        page.wait_for_load_state("load")
    page.wait_for_url(re.compile("/preview/"))
    go_on(page)
    page.wait_for_url(re.compile("/published/"))
    return Task.objects.get()


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize(("language", "dark"), [("ru", False), ("en", True)])
def test_a_visitor_posts_a_task(phone: Phone, photo: str, language: str, dark: bool) -> None:
    page = phone(language=language, dark=dark)
    page.goto("/post/" if language == "ru" else "/en/post/")
    page.locator("#q").press_sequentially("пвесить люстру", delay=15)  # a typo, found while typing
    page.locator("#finds button[name=category]").first.click()
    write(page, photo)
    expect(page.locator(".photos li")).to_have_count(1)  # sent as soon as it was chosen
    go_on(page)
    expect(page.locator("main")).to_contain_text("2" if language == "ru" else "₽2,500")
    expect(page.locator("main")).to_contain_text("кв. 7")
    task = confirm_and_publish(page)
    assert (task.title, task.price_minor, task.photos_count) == ("Повесить люстру", 250_000, 1)
    assert task.customer == User.objects.get(phone=PHONE)


@pytest.mark.usefixtures("_world")
def test_a_visitor_posts_a_task_without_scripts(phone: Phone, photo: str) -> None:
    page = phone(javascript=False)
    page.goto("/post/")
    page.fill("#q", "повесить люстру")
    page.locator("form[role=search] button").click()
    page.locator("#finds button[name=category]").first.click()
    write(page, photo)
    page.locator("#upload button").click()
    go_on(page)
    assert confirm_and_publish(page).title == "Повесить люстру"


@pytest.mark.usefixtures("_world")
def test_an_address_is_chosen_from_the_list_or_on_the_map(phone: Phone) -> None:
    page = phone()
    page.goto("/post/?category=electrician")
    page.locator("#finds button[name=category]").first.click()
    go_on(page)
    page.fill("#id_title", "Повесить люстру")
    go_on(page)
    page.locator("#id_address").press_sequentially("тверск", delay=15)
    page.locator(".find").first.click()  # a street: the house is still to be typed
    expect(page.locator("#id_address")).to_have_value("Тверская улица, ")
    page.locator("#id_address").press_sequentially("12", delay=15)
    page.locator(".find").first.click()
    expect(page.locator("#id_address")).to_have_value("Тверская улица, 12")
    expect(page.locator("#id_lon")).not_to_have_value("")
    page.locator("[data-map-open]").click()
    page.locator("#picker .leaflet-container").click(position={"x": 120, "y": 60})
    expect(page.locator("#id_address")).not_to_have_value("Тверская улица, 12")
    expect(page.locator("#id_address")).to_have_value(re.compile("улица"))


@pytest.mark.usefixtures("_world")
def test_back_and_a_closed_tab_lose_nothing(phone: Phone) -> None:
    page = phone()
    page.goto("/post/?q=люстра")
    page.locator("#finds button[name=category]").first.click()
    go_on(page)
    page.fill("#id_title", "Повесить люстру в зале")
    go_on(page)
    page.go_back()
    expect(page.locator("#id_title")).to_have_value("Повесить люстру в зале")
    context = page.context
    page.close()
    again = context.new_page()
    again.goto("/post/")
    again.get_by_text("Повесить люстру в зале").click()
    again.wait_for_url(re.compile("/place/"))  # the first screen that is not filled in yet
    assert TaskDraft.objects.count() == 1


def test_each_stop_of_a_route_can_be_chosen_on_the_map(phone: Phone, transactional_db: None) -> None:
    make_city()
    make_category("courier", place="route", name_en="Courier", keywords_en="courier")
    page = phone(language="en", dark=True)
    page.goto("/en/post/?category=courier")
    page.locator("#finds button[name=category]").first.click()
    page.fill("#id_title", "Take papers to the notary")
    go_on(page)
    page.fill("#id_address", "Тверская улица, 12")
    choose_on_map(page, "points-0-address", 120)
    first = page.input_value("#points-0-address")
    page.locator("[data-add-stop]").click()
    choose_on_map(page, "points-2-address", 60)
    expect(page.locator("#id_address")).to_have_value("Тверская улица, 12")
    expect(page.locator("#points-0-address")).to_have_value(first)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    go_on(page)
    page.wait_for_url(re.compile("/when/"))
    place = TaskDraft.objects.get().data["place"]
    assert place["address"] == "Tverskaya Street, 12"
    assert place["points"][0]["address"] == first
    assert len(place["points"]) == 2


def choose_on_map(page: Page, field: str, across: int) -> None:
    """The map goes under the address that asks for it; a tap names the place."""
    box = page.locator(f"[data-address-box]:has(#{field})")
    box.locator("[data-pick]").click()
    shown = page.locator("#picker .leaflet-container")
    expect(shown).to_be_visible()
    shown.click(position={"x": across, "y": 60})
    expect(page.locator(f"#{field}")).to_have_value(re.compile(r"\w+"))
