"""Reading a typed address: the street's own words, and the house."""

import re
from dataclasses import dataclass

# What kind of street it is says little: «ул. Тверская», «Тверская улица» and "Tverskaya" are one street.
_KINDS = (
    "улица|ул|проспект|просп|пр-т|пр-кт|переулок|пер|шоссе|ш|набережная|наб|бульвар|б-р|бул|площадь|пл|проезд|пр-д|"
    "аллея|тупик|дом|д|город|г|street|str|st|avenue|ave|av|lane|ln|highway|hwy|embankment|emb|boulevard|blvd|"
    "square|sq|drive|house|road|rd|ulitsa|prospekt|pereulok"
)
_KIND = re.compile(rf"(?<![\w-])(?:{_KINDS})\.?(?![\w-])")
_EXTRA = re.compile(r"(?<![\w-])(?:корпус|корп|к|строение|стр|с|кв|квартира|подъезд|flat|apt|bldg)\.?\s*\d+\w?.*$")
_HOUSE = re.compile(r"(?<![\w-])(\d{1,4})\s?([a-zа-я])?(?:\s?[/к-]\s?\d{1,3}[a-zа-я]?)?(?![\w-])")


@dataclass(frozen=True, slots=True)
class TypedAddress:
    """`street` in lower case without its kind; `house` as typed ("12а", "7/2 корп. 1") or ""; `number` of the house."""

    street: str
    house: str
    number: int | None


def read_typed(text: str, *, city_names: tuple[str, ...] = ()) -> TypedAddress:
    plain = " ".join(text.lower().replace("ё", "е").split())[:160]
    for name in city_names:
        plain = re.sub(rf"(?<!\w){re.escape(name.lower().replace('ё', 'е'))}(?=\s*,)", " ", plain)
    extra = _EXTRA.search(plain)
    plain = _EXTRA.sub(" ", plain)
    house, number = "", None
    *_, last = [None, *_HOUSE.finditer(plain)]
    if last is not None and plain[: last.start()].strip(" ,."):
        house, number = last.group(0).replace(" ", ""), int(last.group(1))
        plain = plain[: last.start()] + " " + plain[last.end() :]
        house = f"{house} {extra.group(0)}" if extra else house
    return TypedAddress(street_words(plain), house, number)


def street_words(name: str) -> str:
    """A street's name in lower case without its kind and punctuation."""
    bare = _KIND.sub(" ", name.lower().replace("ё", "е"))
    return " ".join(re.sub(r"[^\w\s-]", " ", bare).split())
