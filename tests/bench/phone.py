"""How a page loads on a cheap phone: Chromium with its processor slowed four times behind a slow 4G line, an empty cache.

    python -m tests.bench.phone http://127.0.0.1:8000 / /feed/

The line and the slowing are those of Lighthouse's mobile profile (1.6 Mbit/s down, 150 ms a round trip). Every page is opened
several times; the median of the times is printed, and the bytes that really crossed the line.
"""

import os
import statistics
import sys
from dataclasses import dataclass

from playwright.sync_api import Browser, CDPSession, sync_playwright

SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_638_400 / 8, "uploadThroughput": 768_000 / 8}
SLOWED = 4
TIMES = 5
PHONE = {"width": 360, "height": 640}

WATCH = """
window.seen = { lcp: 0, cls: 0 };
new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.lcp = entry.startTime; })
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.cls += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
"""
READ = """() => ({ ...seen, fcp: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
  answer: performance.getEntriesByType("navigation")[0].responseStart })"""


@dataclass(frozen=True, slots=True)
class Load:
    """Times in milliseconds from the tap; `bytes` as they crossed the line, headers included."""

    answer: float
    fcp: float
    lcp: float
    cls: float
    bytes: int
    requests: int


def load(browser: Browser, address: str) -> Load:
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, locale="ru-RU", device_scale_factor=2)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    got = counted(session)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.goto(address, wait_until="networkidle", timeout=120_000)
    while not (found := page.evaluate(READ))["lcp"]:  # the policy of the pages forbids waiting inside them
        page.wait_for_timeout(100)
    context.close()
    return Load(**found, bytes=sum(got), requests=len(got))


def counted(session: CDPSession) -> list[int]:
    got: list[int] = []
    session.on("Network.loadingFinished", lambda event: got.append(int(event["encodedDataLength"])))
    return got


def main(base: str, paths: list[str]) -> None:
    with sync_playwright() as playwright:
        program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for path in paths:
            loads = [load(browser, base + path) for _ in range(TIMES)]
            times = {name: statistics.median(getattr(one, name) for one in loads) for name in ("answer", "fcp", "lcp")}
            said = ", ".join(f"{name} {value:.0f} ms" for name, value in times.items())
            best, last = min(one.lcp for one in loads), loads[-1]
            print(f"{path}: {said} (best lcp {best:.0f}), cls {max(one.cls for one in loads):.3f}, "
                  f"{last.bytes / 1000:.1f} kB in {last.requests} requests")  # fmt: skip
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2:] or ["/"])
