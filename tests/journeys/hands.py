"""What hands do on pages, in either language: fields by their names, buttons by what they send."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.people import code_by_sms


def go(page: Page, path: str, language: str = "ru") -> None:
    """Open a page of ours in the language of the walk; anything but 200 is an error."""
    answer = page.goto(path if language == "ru" else f"/en{path}")
    assert answer is not None
    assert answer.status == 200, f"{answer.status} {path}"


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


def number_in(page: Page, kind: str) -> int:
    """The number of the task, deal or thread whose page is open: `number_in(page, "deals")`."""
    found = re.search(rf"/{kind}/(\d+)/", page.url)
    assert found, page.url
    return int(found[1])


def choose(page: Page, name: str, value: str) -> None:
    """A radio button or a checkbox, also one that is drawn as a chip."""
    pick(page, f'[name="{name}"][value="{value}"]')


def pick(page: Page, selector: str) -> None:
    """Press the words beside a radio button or checkbox, as a finger does."""
    field = page.locator(selector).first
    page.locator(f'label[for="{field.get_attribute("id")}"], label:has({selector})').first.click()
    assert field.is_checked()


def press(page: Page, selector: str) -> None:
    """Press and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def go_on(page: Page) -> None:
    """The one action of the screen."""
    press(page, ".dock .button")


def fits(page: Page) -> None:
    """Nothing makes a phone scroll sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360, f"{page.url} is {wide} px wide"


def sign_in_by_code(page: Page, phone: str, name: str) -> None:
    """From the sign-in page on: the number, the code that was sent, the name."""
    page.fill("[name=login]", phone)
    press(page, "form[action*='/account/'] .button")
    page.fill("[name=code]", code_by_sms(phone))
    press(page, "form:has([name=code]) .button")
    page.fill("[name=name]", name)
    press(page, "form:has([name=name]) .button")


def write_task(page: Page, language: str) -> None:
    """A visitor writes a task, question by question, up to the preview."""
    go(page, "/post/?q=hang+a+chandelier" if language == "en" else "/post/?q=повесить+люстру", language)
    fits(page)
    press(page, "#finds button[name=category]")
    if path_of(page).endswith("/questions/"):
        go_on(page)
    page.fill("[name=title]", "Повесить люстру в зале" if language == "ru" else "Hang a chandelier")
    page.fill("[name=details]", "Потолок 3 метра, крюк есть." if language == "ru" else "The hook is there.")
    go_on(page)
    page.fill("[name=address]", "Тверская улица, 12" if language == "ru" else "Tverskaya Street, 12")
    fits(page)
    go_on(page)
    pick(page, "#id_day_1")
    choose(page, "slot", "evening")
    go_on(page)
    choose(page, "budget", "fixed")
    page.fill("[name=price]", "2500")
    go_on(page)
    go_on(page)  # without photos
    assert path_of(page).endswith("/preview/")
    fits(page)
