"""Every page of the access matrix, opened in a real browser on the screen it is made for: axe finds nothing against WCAG 2.2 AA,
nothing sticks out sideways, and a Russian page speaks Russian."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Error, Page

from tests.access.page_rows import PAGES
from tests.access.rows import Row
from tests.access.test_matrix import address
from tests.access.world import MODERATOR, OPERATOR, OWNER, PARTICIPANT, VISITOR, World, make_world
from tests.journeys.conftest import DESK, PHONE, Site, Visit

pytestmark = pytest.mark.django_db(transaction=True)

AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"
STANDARDS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
_CHECK = """async (only) => {
    // Of what axe can load beforehand only the media serve one of these rules; style sheets it would fetch once more.
    const found = await axe.run(document, {runOnly: only, resultTypes: ['violations'], preload: {assets: ['media']}})
    return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target.join(' ')} – ${node.failureSummary}`))
}"""
_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Names and abbreviations that Russian writes in Latin letters too; an address of e-mail or of the web is nobody's language.
_LATIN = re.compile(r"\S*[@/]\S*|\S+\.(?:example|org|com|ru|jpg)\b|\bc-\w+|\b(?:English|iPhone|PDF|CSV|GPS|SMS|API|QR|TOTP|JPEG|PNG|WebP|HEIC|Stripe|Visa|Mastercard|Android|Chrome|Linux|PIN|localhost|Wi-Fi|Enter|Esc|Shift|Ctrl|RUB)\b")  # fmt: skip
_FOREIGN = re.compile(r"[A-Za-z]{3,}(?: [A-Za-z]+)*")


@pytest.mark.parametrize("language", ["ru", pytest.param("en", marks=pytest.mark.long)])
def test_a_page_can_be_read_by_everybody(site: Site, visit: Callable[..., Visit], language: str) -> None:
    world = make_world()
    visits = {size: visit(language=language, size=DESK if size == "desk" else None) for size in ("phone", "desk")}
    for one in visits.values():
        one.context.add_init_script(path=AXE)
    troubles, seen = [], 0
    for row in opened(PAGES):
        one = visits["desk" if row.route.startswith("desk:") else "phone"]
        become(one, actor_of(row), world, site)
        path = ("/en" if language == "en" else "") + address(
            row.route, {**world.values, **{part: world.values[name] for part, name in row.values.items()}}
        )
        if shows_a_page(one, path, row.body(world)):
            seen += 1
            troubles += [f"{row.id}: {trouble}" for trouble in found_on(one.page, language)]
    assert seen > 60
    assert not troubles, f"{len(troubles)} on {seen} pages\n" + "\n".join(troubles)


def opened(rows: list[Row]) -> Iterator[Row]:
    return (row for row in rows if row.method == "GET" and not row.as_json and row.opens_to)


def actor_of(row: Row) -> str:
    return next(actor for actor in (VISITOR, PARTICIPANT, OWNER, MODERATOR, OPERATOR) if actor in row.opens_to)


def become(one: Visit, actor: str, world: World, site: Site) -> None:
    context: BrowserContext = one.context
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    if actor != VISITOR:
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": world.cookie(actor), "url": site.address}
        context.add_cookies([cookie])


def shows_a_page(one: Visit, path: str, data: Any) -> bool:
    """Open it; files, parts of pages and refusals are not pages."""
    path += "".join(f"{'&' if at else '?'}{key}={value}" for at, (key, value) in enumerate(data.items()))
    before = len(one.troubles)
    try:
        answer = one.page.goto(path)
    except Error as error:
        if "ERR_HTTP_RESPONSE_CODE_FAILURE" in error.message:
            one.page.wait_for_url("chrome-error://**")  # the browser's own page for a refusal without a word
        elif "Download is starting" not in error.message:
            raise
        return False
    assert answer is not None
    if "text/html" in answer.headers.get("content-type", "") and "<html" in answer.text():
        return True
    one.page.goto("about:blank")
    # What the browser's own viewer of pictures complains about is not the site's trouble; a broken answer is.
    one.troubles[before:] = [trouble for trouble in one.troubles[before:] if trouble.startswith("5")]
    return False


def found_on(page: Page, language: str) -> Iterator[str]:
    # As high as the page is: a button that the bar at the bottom happens to cover can be scrolled free.
    screen = page.viewport_size or PHONE
    page.set_viewport_size(
        {**screen, "height": max(screen["height"], page.evaluate("document.documentElement.scrollHeight"))}
    )  # type: ignore[typeddict-item]
    yield from page.evaluate(_CHECK, STANDARDS)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # colours change at once, not by and by
    yield from (f"dark: {trouble}" for trouble in page.evaluate(_CHECK, CONTRAST))
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(screen)
    if (wider := page.evaluate(_WIDER)) > 0:
        yield f"{wider} px stick out of {page.viewport_size or PHONE}"
    if language == "ru":
        page.evaluate(
            "document.querySelectorAll('code, kbd').forEach((sign) => sign.remove())"
        )  # keys, names of components
        text = _LATIN.sub(" ", page.inner_text("body"))
        yield from (f"not Russian: {words}" for words in sorted(set(_FOREIGN.findall(text))))
