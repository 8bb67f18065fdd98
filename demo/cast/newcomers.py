"""People who wait to be verified: Timur of the cast, and a few more, with invented documents."""

import io
from datetime import timedelta
from typing import TYPE_CHECKING

from demo.cast.people import meet
from demo.dice import Dice
from demo.people import latin, name_of
from demo.pictures.canvas import PALETTES, Canvas, jpeg
from demo.pictures.faces import face
from marketplace.accounts.models import User
from marketplace.accounts.services import (
    CONSENT_VERSION,
    AreaPoint,
    edit_executor_profile,
    make_person,
    submit_verification,
)
from tasks_app.models import Category, City

if TYPE_CHECKING:
    from demo.cast.stage import Stage

_WAITING = [("moscow", "regular-cleaning", True, 26), ("saint-petersburg", "dog-walking", True, 18),
            ("yekaterinburg", "van-delivery", False, 5)]  # fmt: skip


def newcomers_wait(stage: "Stage") -> None:
    places = stage.world.places
    stage.to(timedelta(days=2))
    kazan = places.towns["kazan"].city
    timur = meet("timur", moment=stage.world.moment, city_id=kazan.pk, days=2)
    stage.to(timedelta(hours=9))
    _apply(stage.dice, timur, kazan, "computer-help", woman=False)
    for number, (slug, category, woman, hours) in enumerate(_WAITING):
        stage.to(timedelta(hours=hours + 20))
        city, name = places.towns[slug].city, name_of(stage.dice, woman)
        person = make_person(
            name=name, phone=f"+7900300000{number}", email=f"{latin(name)}.n{number}@example.org", city_id=city.pk
        )
        stage.to(timedelta(hours=hours))
        _apply(stage.dice, person, city, category, woman=woman)


def _apply(dice: Dice, person: User, city: City, category: str, *, woman: bool) -> None:
    edit_executor_profile(
        user=person,
        about="Недавно в сервисе, работаю аккуратно, на связи весь день.",
        languages=["ru"],
        category_ids=[Category.objects.get(slug=category).pk],
        points=[AreaPoint(city.centre.x, city.centre.y, 10_000, "Центр")],
    )
    state = dice.getstate()
    selfie = jpeg(face(dice, woman=woman, size=640))
    dice.setstate(state)  # the same face on the document
    submit_verification(
        user=person,
        full_name=person.name,
        document_kind="passport",
        document=_document(dice, woman=woman),
        selfie=selfie,
        consent_version=CONSENT_VERSION,
    )


def _document(dice: Dice, *, woman: bool) -> bytes:
    """A page that looks like a document and is none: a portrait and grey lines for words."""
    photo = face(dice, woman=woman, size=256)
    canvas = Canvas(PALETTES[3], 1000, 700)
    canvas.rect((4, 4, 96, 66), canvas.light, 2).rect((4, 4, 96, 11), canvas.main, 2)
    for row in range(6):
        canvas.rect((42, 17 + row * 6, 42 + dice.uniform(20, 48), 19 + row * 6), canvas.floor, 0.6)
    for row in range(2):
        canvas.rect((8, 54 + row * 5, 92, 56.4 + row * 5), canvas.wall, 0.4)
    page = canvas.finished()
    page.paste(photo, (90, 160))
    out = io.BytesIO()
    page.save(out, "JPEG", quality=88)
    return out.getvalue()
