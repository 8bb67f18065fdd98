"""Draws the PNG icons and the social picture from icon.svg with a browser: run by hand when the mark changes.

python frontend/assets/icons/render_png.py /usr/bin/chromium
"""

import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ICONS = Path(__file__).resolve().parents[2] / "static" / "icons"
MARK = (ICONS / "icon.svg").read_text()
SQUARE = MARK.replace('rx="116" ', "")
SOCIAL = """<body style="margin:0;width:1200px;height:630px;background:#f7f5f1;color:#1d1a16;display:grid;align-content:center;
padding:0 96px;box-sizing:border-box;font-family:'Onest Variable',system-ui,sans-serif;gap:36px">
<div style="width:132px;height:132px">{mark}</div>
<div style="font-size:92px;font-weight:750;letter-spacing:-.03em;line-height:1.05">поручи<b style="color:#0b6b58">.</b></div>
<div style="font-size:42px;line-height:1.3;color:#5f584e">Поручите дело — мастер рядом найдётся сегодня</div></body>"""


def main(browser: str) -> None:
    font = "@font-face{font-family:'Onest Variable';font-weight:100 900;src:url(data:font/woff2;base64,%s) format('woff2')}"
    import base64

    file = Path("node_modules/@fontsource-variable/onest/files/onest-cyrillic-wght-normal.woff2")
    style = "<style>" + font % base64.b64encode(file.read_bytes()).decode() + "</style>"
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page()
        for name, side, mark in (
            ("icon-180", 180, SQUARE),
            ("icon-192", 192, MARK),
            ("icon-512", 512, MARK),
            ("icon-maskable-512", 512, SQUARE.replace('viewBox="0 0 512 512"', 'viewBox="-56 -56 624 624"')),
        ):
            background = "#0b6b58" if mark != MARK else "transparent"
            page.set_viewport_size({"width": side, "height": side})
            page.set_content(f"<body style='margin:0;background:{background}'>{mark}</body>")
            page.screenshot(path=str(ICONS / f"{name}.png"), omit_background=True)
        page.set_viewport_size({"width": 1200, "height": 630})
        page.set_content(style + SOCIAL.format(mark=MARK))
        page.wait_for_timeout(300)
        page.screenshot(path=str(ICONS / "social.png"))
        chromium.close()
    Image.open(ICONS / "icon-512.png").save(ICONS / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])


if __name__ == "__main__":
    main(sys.argv[1])
