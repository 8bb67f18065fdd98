"""Takes the pictures of this folder from a running demo: python docs/screens/take.py http://127.0.0.1:8000 /usr/bin/chromium"""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
PHONE = {"width": 360, "height": 640}
WIDE = {"width": 1440, "height": 900}
COLOURS = 256

CUSTOMER, EXECUTOR, MODERATOR = "irina", "andrey", "olga"


def first(page: Page, selector: str) -> None:
    page.locator(selector).first.click()
    page.wait_for_load_state("networkidle")


def open_case(page: Page) -> None:
    first(page, 'a[href*="/desk/cases/"]')
    page.wait_for_timeout(1200)


def nothing(_page: Page) -> None:
    """The page as it opens."""


# name, who, address, size, theme, language, what to do there first
SCREENS: list[tuple[str, str, str, dict[str, int], str, str, Callable[[Page], None]]] = [
    ("home", "", "/", PHONE, "light", "ru", nothing),
    ("home-wide", "", "/", WIDE, "light", "ru", nothing),
    ("service-wide", "", "/in/moscow/electrical/", WIDE, "dark", "en", nothing),
    ("city-wide", "", "/in/saint-petersburg/", WIDE, "light", "ru", nothing),
    ("post", CUSTOMER, "/post/", PHONE, "light", "ru", nothing),
    ("my-tasks", CUSTOMER, "/my/tasks/", PHONE, "light", "ru", nothing),
    ("responses", CUSTOMER, "/my/tasks/", PHONE, "light", "ru", lambda page: first(page, 'main a[href*="/tasks/"]')),
    ("feed", EXECUTOR, "/feed/", PHONE, "light", "ru", nothing),
    ("feed-dark", EXECUTOR, "/feed/", PHONE, "dark", "en", nothing),
    ("feed-map", EXECUTOR, "/feed/map/", PHONE, "light", "ru", lambda page: page.wait_for_timeout(1500)),
    ("wallet", EXECUTOR, "/wallet/", PHONE, "light", "ru", nothing),
    ("messages", EXECUTOR, "/messages/", PHONE, "dark", "ru", nothing),
    ("desk", MODERATOR, "/desk/", WIDE, "light", "ru", open_case),
    ("desk-dark", MODERATOR, "/desk/", WIDE, "dark", "en", open_case),
    ("components", "", "/components/", WIDE, "light", "en", nothing),
]


@contextmanager
def visit(browser: Browser, site: str, who: str, size: dict[str, int], theme: str) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme="dark" if theme == "dark" else "light",
        device_scale_factor=1.5 if size is PHONE else 1,
        service_workers="block",
    )
    page = context.new_page()
    if who:
        page.goto(f"{site}/demo/")
        page.locator(f'form[action$="/demo/{who}/"] button').click()
        page.wait_for_load_state("networkidle")
    yield page
    context.close()


def keep(name: str, taken: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(taken)).convert("RGB")
    picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE).save(
        HERE / f"{name}.png", optimize=True
    )
    return picture


def readme(pictures: dict[str, Image.Image]) -> None:
    """The picture of README: two phones and the desk side by side."""
    parts = [pictures["home"], pictures["feed"], pictures["responses"], pictures["desk"]]
    height, gap = 760, 24
    parts = [part.resize((round(part.width * height / part.height), height)) for part in parts]
    sheet = Image.new("RGB", (sum(part.width for part in parts) + gap * (len(parts) + 1), height + 2 * gap), "#d9d4ca")
    left = gap
    for part in parts:
        sheet.paste(part, (left, gap))
        left += part.width + gap
    sheet.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE).save(
        HERE / "readme.png", optimize=True
    )


def main(site: str, browser_path: str) -> None:
    pictures = {}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
        for name, who, path, size, theme, language, prepare in SCREENS:
            with visit(browser, site, who, size, theme) as page:
                page.goto(site + ("/en" if language == "en" else "") + path)
                page.wait_for_load_state("networkidle")
                prepare(page)
                page.wait_for_timeout(300)
                pictures[name] = keep(name, page.screenshot())
        browser.close()
    readme(pictures)


if __name__ == "__main__":
    main(*sys.argv[1:3])
