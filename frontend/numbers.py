"""Whole numbers that a page sends in a field or an address."""

MOST = 2**31 - 1


def whole_number(text: str, *, most: int = MOST) -> int | None:
    """The number written in plain digits; None for anything else, and beyond `most`. ("²" is a digit to str.isdigit, not to int.)"""
    if not (text.isascii() and text.isdigit()) or len(text) > 20:
        return None
    return found if (found := int(text)) <= most else None
