"""Trades: what one person may well do. Somebody has one, or two that are neighbours; nobody does eyebrows and taps."""

from dataclasses import dataclass

from demo.dice import Dice
from demo.places import GROUP_SHARES


@dataclass(frozen=True)
class Trade:
    """`also`: the trades that go with it; `share`: of the people of its group."""

    group: str
    categories: tuple[str, ...]
    also: tuple[str, ...] = ()
    share: float = 1.0


TRADES = {
    "courier": Trade("couriers", ("courier-on-foot", "buy-and-bring", "groceries", "flowers-and-gifts", "courier-for-a-day"), ("driver",), 2),
    "driver": Trade("couriers", ("courier-by-car", "flowers-and-gifts", "buy-and-bring", "courier-for-a-day", "groceries"), ("courier", "mover")),
    "handyman": Trade("repairs", ("handyman", "furniture-assembly", "doors-windows-locks", "electrical", "plumbing"), ("plumber", "electrician", "screens"), 2),
    "plumber": Trade("repairs", ("plumbing", "handyman"), ("handyman", "appliances", "tiler")),
    "electrician": Trade("repairs", ("electrical", "handyman"), ("handyman", "appliances")),
    "tiler": Trade("repairs", ("painting-and-wallpaper", "tiling-and-floors", "renovation"), ("plumber", "handyman")),
    "mover": Trade("cargo", ("flat-moving", "office-moving", "van-delivery", "loaders", "junk-removal", "intercity-cargo"), ("driver",), 3),
    "trucker": Trade("cargo", ("truck-and-crane", "intercity-cargo", "junk-removal"), ("mover",)),
    "cleaner": Trade("cleaning", ("regular-cleaning", "deep-cleaning", "after-renovation-cleaning", "window-cleaning", "laundry-and-ironing"), ("dry-cleaner",), 3),
    "dry-cleaner": Trade("cleaning", ("upholstery-cleaning", "deep-cleaning", "window-cleaning"), ("cleaner",)),
    "appliances": Trade("appliances", ("washing-machines", "fridges", "dishwashers", "cookers-and-ovens"), ("electrician", "cold"), 2),
    "cold": Trade("appliances", ("air-conditioners", "fridges"), ("appliances", "electrician")),
    "screens": Trade("appliances", ("tv-and-audio",), ("handyman", "computers")),
    "computers": Trade("computers", ("computer-help", "laptop-repair", "wifi-and-networks", "printers-and-office", "data-recovery"), ("phones", "screens"), 3),
    "phones": Trade("computers", ("phone-repair", "laptop-repair", "data-recovery"), ("computers",)),
    "nails": Trade("beauty", ("manicure-and-pedicure", "brows-and-lashes"), ("face",), 2),
    "face": Trade("beauty", ("makeup", "brows-and-lashes", "haircut-and-styling"), ("nails",), 2),
    "massage": Trade("beauty", ("massage",), ("fitness",)),
    "fitness": Trade("beauty", ("fitness-trainer",), ("massage",)),
    "science": Trade("tutors", ("maths", "physics-and-chemistry"), ("code",), 2),
    "code": Trade("tutors", ("programming-lessons", "maths"), ("science",)),
    "languages": Trade("tutors", ("english",), ("translator",), 1.3),
    "school": Trade("tutors", ("russian", "primary-school"), ("languages",), 1.5),
    "music": Trade("tutors", ("music-lessons",), ()),
    "camera": Trade("events", ("photographer", "videographer"), ("graphics",), 2),
    "host": Trade("events", ("host-and-dj", "kids-party"), ("promo",), 1.5),
    "kitchen": Trade("events", ("catering-staff",), ()),
    "promo": Trade("events", ("promoters",), ("courier",)),
    "graphics": Trade("design", ("logo-and-identity", "print-and-banners", "presentations", "websites"), ("camera",), 2),
    "interiors": Trade("design", ("interior-design",), ()),
    "translator": Trade("design", ("texts-and-translations",), ("languages", "assistant")),
    "lawyer": Trade("legal", ("legal-advice", "claims-and-contracts", "real-estate-help"), ()),
    "accountant": Trade("legal", ("accounting", "tax-returns"), ("assistant",)),
    "assistant": Trade("legal", ("personal-assistant",), ("translator",)),
    "sitter": Trade("pets", ("dog-walking", "pet-sitting", "pet-transport"), ("trainer", "groomer"), 2),
    "groomer": Trade("pets", ("grooming",), ("sitter",)),
    "trainer": Trade("pets", ("dog-training", "dog-walking"), ("sitter",)),
    "vet": Trade("pets", ("vet-at-home", "pet-transport"), ()),
}  # fmt: skip


def draw_trades(dice: Dice, *, specialist: bool) -> list[str]:
    """One, or two that go together; `specialist`: rather one, as in a large city."""
    group = dice.weighted(GROUP_SHARES)
    first = dice.weighted({name: trade.share for name, trade in TRADES.items() if trade.group == group})
    also = TRADES[first].also
    return [first, dice.pick(also)] if also and not dice.chance(0.4 if specialist else 0.1) else [first]
