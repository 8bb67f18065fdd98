"""Signing in, being verified, and keys instead of codes, in a real browser."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test.utils import override_settings
from PIL import Image
from playwright.sync_api import Page, expect

from marketplace.accounts import services
from marketplace.accounts.models import User
from tests.factories import make_city
from tests.journeys.conftest import Site
from tests.people import code_by_email, code_by_sms

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "+79123456789"


def photo(colour: str) -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("RGB", (900, 600), colour).save(out, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.parametrize("language,javascript", [("ru", False), ("ru", True), ("en", False)])
def test_a_visitor_opens_an_account_with_a_phone_and_leaves_again(
    site: Site, phone: Callable[..., Page], language: str, javascript: bool
) -> None:
    make_city()
    page = phone(language=language, javascript=javascript)
    root = "" if language == "ru" else "/en"
    page.goto(f"{root}/account/login/")
    page.fill("[name=login]", "12")
    page.locator("form:has([name=login]) button").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.fill("[name=login]", "8 912 345-67-89")
    page.locator("form:has([name=login]) button").click()
    page.fill("[name=code]", code_by_sms(PHONE))
    page.locator("form:has([name=code]) button").click()
    page.fill("[name=name]", "Анна Крылова")
    page.locator("form:has([name=name]) button").last.click()
    page.wait_for_url(site.url(f"{root}/"))
    page.goto(f"{root}/account/")
    expect(page.get_by_text("Анна Крылова").first).to_be_visible()
    assert User.objects.get().language == language
    page.locator("main form[action$='/account/logout/'] button").click()
    page.goto(f"{root}/account/")
    assert "/account/login/" in page.url


def test_an_executor_sends_documents_and_a_moderator_approves_by_keyboard(
    site: Site, phone: Callable[..., Page], desk: Callable[..., Page]
) -> None:
    city = make_city()
    person = services.make_person(name="Олег Мастер", phone=PHONE, email="oleg@example.org", city_id=city.pk)
    later = services.make_person(name="Пётр Второй", phone="+79990000001", email="p@example.org", city_id=city.pk)
    moderator = services.make_person(name="Мария Волкова", email="mod@example.org", staff_role="moderator")
    page = phone(as_=person)
    page.goto("/account/verification/")
    page.check("[name=document_kind][value=passport]")
    page.set_input_files("[name=document]", photo("teal"))
    page.set_input_files("[name=selfie]", photo("navy"))
    page.check("[name=consent]")
    page.locator("form:has([name=document]) button").click()
    expect(page.get_by_text("Ваши документы проверяет человек")).to_be_visible()
    pictures = [photo(colour)["buffer"] for colour in ("olive", "gray")]
    services.submit_verification(
        user=later,
        full_name="Пётр Второй",
        document_kind="passport",
        document=pictures[0],
        selfie=pictures[1],
        consent_version=services.CONSENT_VERSION,
    )

    console = desk(as_=moderator)
    console.goto("/desk/verification/")
    expect(console.locator("h1")).to_have_text("Олег Мастер")
    for picture in console.locator(".papers img").all():
        expect(picture).to_have_js_property("naturalWidth", 900)
    console.keyboard.press("j")
    expect(console.locator("h1")).to_have_text("Пётр Второй")
    console.keyboard.press("1")
    console.keyboard.press("w")
    console.keyboard.type("Alles ok, r and a are only letters here")
    console.keyboard.press("Escape")
    console.keyboard.press("m")
    expect(console.locator("h1")).to_have_text("Олег Мастер")
    console.keyboard.press("a")
    expect(console.get_by_text("Никто не ждёт проверки")).to_be_visible()

    page.goto("/account/verification/")
    expect(page.get_by_text("Вы прошли проверку")).to_be_visible()
    assert services.start_executor_profile(user=later).verification == "more"


@pytest.mark.parametrize("staff_role", ["", "moderator"])
def test_a_passkey_is_added_and_opens_the_account(
    site: Site, visit: Callable[..., Any], staff_role: str, tmp_path: Path
) -> None:
    """Keys are bound to a host name, so this journey goes by `localhost` instead of the number."""
    person = services.make_person(name="Мария Волкова", email="mod@example.org", staff_role=staff_role)
    address = site.address.replace("127.0.0.1", "localhost")
    with override_settings(MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN=True, SITE_URL=address):
        visitor = visit()
        page, wire = visitor.page, visitor.context.new_cdp_session(visitor.page)
        wire.send("WebAuthn.enable")
        wire.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                }
            },
        )
        page.goto(f"{address}/account/login/")
        page.click("#passkey_login")
        expect(page.locator("[data-passkey-alert]")).to_contain_text("нет ключа, который впускает сам")
        sign_in_by_mail(page, address, person)
        page.goto(f"{address}/account/2fa/webauthn/add/")
        page.fill("[name=name]", "Телефон")
        page.check("[name=passwordless]")
        page.click("#mfa_webauthn_add")
        page.wait_for_url("**/account/2fa/recovery-codes/")
        visitor.context.clear_cookies()
        page.goto(f"{address}/account/login/")
        page.click("#passkey_login")
        page.wait_for_url(f"{address}/")
        page.goto(f"{address}/account/")
        expect(page.get_by_text("Мария Волкова").first).to_be_visible()
        if staff_role:
            page.goto(f"{address}/desk/people/")
            expect(page.locator("h1")).to_have_text("Люди")
        else:
            page.goto(f"{address}/account/2fa/webauthn/")
            expect(page.get_by_text("Впускает сам, без кода.")).to_be_visible()


def sign_in_by_mail(page: Page, address: str, person: User) -> None:
    page.goto(f"{address}/account/login/")
    page.fill("[name=login]", str(person.email))
    page.locator("form:has([name=login]) button").click()
    page.wait_for_url("**/login/code/")
    page.fill("[name=code]", code_by_email(str(person.email)))
    page.locator("form:has([name=code]) button").click()
    page.wait_for_url(f"{address}/")
