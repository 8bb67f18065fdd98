"""A browser's own long name in two words, for the list of sessions."""

BROWSERS = (
    ("YaBrowser", "Yandex"), ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def short_name(user_agent: str) -> str:
    """ "Mozilla/5.0 (X11; Linux x86_64) … Chrome/130" → "Chrome, Linux"; what is unknown stays, cut."""
    words = [next((name for mark, name in marks if mark in user_agent), "") for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, words)) or user_agent[:60]
