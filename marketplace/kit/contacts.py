"""Finds ways to reach a person past the platform in what people write: phones, e-mails, links, messenger names."""

import re
from dataclasses import dataclass

MASK = "•••"

_EMAIL = r"[\w.+-]+\s?(?:@|\(at\)|\[at\]|собака)\s?[\w-]+(?:\.[\w-]+)+"
_LINK = r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:ru|com|net|org|me|рф|su|io|app|link)\b(?:/\S*)?"
_MESSENGER = r"(?:telegram|телеграмм?|телега|тг|whats\s?app|вотс\s?ап\w?|ватс\s?ап\w?|viber|вайбер|insta(?:gram)?|инста(?:грам\w?)?)"
_WORD = r"(?:вк|vk|max|макс)"  # ordinary words too: a mark must lead to the name
_HANDLE = (
    rf"(?<![\w.])@[A-Za-z]\w{{3,}}|\b{_MESSENGER}\b\s*[:\-–—]?\s*@?[A-Za-z][\w.]{{3,}}"
    rf"|\b{_WORD}\b\s*(?::\s*@?|@)[A-Za-z][\w.]{{3,}}"
)
# A phone begins with +, 7, 8 or 9 and has ten digits or more; what stands between them is up to two marks.
_PHONE = r"(?<![\d.,])(?:(?:\+\s?)?[78]|\+\s?\d{1,3}|9)(?:[\s().–—-]{0,2}\d){9,12}(?!\d)"
_DIGIT_WORD = (
    r"(?:ноль|один|два|три|четыре|пять|шесть|семь|восемь|девять|zero|one|two|three|four|five|six|seven|eight|nine)"
)
_SPELLED = rf"\b{_DIGIT_WORD}(?:[\s,-]+{_DIGIT_WORD}){{6,}}\b"

_CONTACT = re.compile("|".join((_EMAIL, _LINK, _HANDLE, _PHONE, _SPELLED)), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Masked:
    """`text` with every contact replaced by dots; `count`: how many there were."""

    text: str
    count: int


def mask_contacts(text: str) -> Masked:
    """Hide contacts. Prices, dates, times, sizes and house numbers stay as they are."""
    return Masked(*_CONTACT.subn(MASK, text))
