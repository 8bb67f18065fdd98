"""The case desk by keyboard: time is moved over the track, the day is read out, a case is decided without a mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from fraud.models import Case
from tests.fraud.conftest import agreed, cancelled, case
from tests.journeys import steps
from tests.journeys.hands import go

__all__ = ["agreed", "cancelled", "case"]  # fixtures of the fraud tests

pytestmark = pytest.mark.django_db(transaction=True)


def test_time_is_moved_over_the_track_and_told_in_words(case: Case, desk: Callable[..., Page]) -> None:
    page = desk(as_=steps.moderator())
    go(page, f"/desk/cases/{case.pk}/")
    slider, dots = page.locator("#track-time"), page.locator("[data-track] .track-dot")
    everything = dots.count()
    assert everything > 20
    expect(page.locator("[data-track] .track-dot.track-later")).to_have_count(0)

    slider.focus()
    page.keyboard.press("Home")
    assert "нет положений" in (slider.get_attribute("aria-valuetext") or "")
    expect(page.locator("[data-track] .track-dot.track-later")).to_have_count(everything)

    page.keyboard.press("PageUp")  # to the first position, then along the way
    first = slider.get_attribute("aria-valuetext") or ""
    assert "от адреса" in first
    expect(page.locator("[data-track] .track-dot.track-now")).to_have_count(1)
    page.keyboard.press("]")
    assert (slider.get_attribute("aria-valuetext") or "") != first
    page.keyboard.press("[")
    assert slider.get_attribute("aria-valuetext") == first
    assert page.locator("[data-time-now]").inner_text() == first
    page.keyboard.press("End")
    expect(page.locator("[data-track] .track-dot.track-later")).to_have_count(0)


def test_the_map_comes_nearer_and_goes_farther_while_time_moves(case: Case, desk: Callable[..., Page]) -> None:
    page = desk(as_=steps.moderator())
    go(page, f"/desk/cases/{case.pk}/")
    across, dot = page.locator("[data-across]"), page.locator("[data-track] .track-dot").last
    usual, begun = across.inner_text(), dot.bounding_box()
    farther, nearer = page.locator("[data-zoom='1']"), page.locator("[data-zoom='-1']")

    page.keyboard.press("+")
    assert across.inner_text() != usual
    near = dot.bounding_box()
    assert begun is not None
    assert near is not None
    assert abs(near["width"] - begun["width"]) < 1  # signs keep their size, places move apart
    page.keyboard.press("-")
    assert across.inner_text() == usual

    while farther.get_attribute("aria-disabled") == "false":
        farther.click()
    everything = page.locator(".case-map__layer:visible .track-dot")
    expect(everything).to_have_count(page.locator("[data-track] .track-dot").count())
    page.locator("#track-time").focus()
    page.keyboard.press("Home")
    expect(page.locator(".case-map__layer:visible .track-dot.track-later")).to_have_count(everything.count())
    page.keyboard.press("End")
    while nearer.get_attribute("aria-disabled") == "false":
        nearer.click()
    widest = across.inner_text()
    page.keyboard.press("=")  # the same key without Shift; there is nothing nearer
    assert across.inner_text() == widest


def test_a_case_is_decided_with_the_keyboard_alone(case: Case, desk: Callable[..., Page]) -> None:
    page = desk(as_=steps.moderator())
    go(page, f"/desk/cases/{case.pk}/")
    page.keyboard.press("2")
    form = page.locator("form[action$='/decide/']:visible")
    expect(form).to_have_count(1)
    page.keyboard.press("3")
    expect(form.locator("[name=reason_code][value=sent_away]")).to_be_checked()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    case.refresh_from_db()
    assert case.outcome == Case.Outcome.INNOCENT
    assert case.decisions.get().reason_code == "sent_away"


def test_without_a_script_the_day_is_a_table(case: Case, desk: Callable[..., Page]) -> None:
    page = desk(as_=steps.moderator(), javascript=False)
    go(page, f"/desk/cases/{case.pk}/")
    expect(page.locator("#track-time")).to_be_hidden()
    expect(page.locator("[data-zoom]").first).to_be_hidden()
    assert page.locator(".case-map__layer").last.is_visible()  # the whole way, where it leads out of the near picture
    page.locator("details.disclose:has(.seen-table) > summary").click()
    rows = page.locator(".seen-table tbody tr")
    assert rows.count() > 20
    assert "от адреса" in rows.first.inner_text()
    expect(page.locator(".calendar td[title]")).to_have_count(42)
