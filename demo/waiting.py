"""People who wait for verification, with drawn specimens for documents: the moderators' queue of the demo world."""

import io
from datetime import datetime, timedelta

from PIL import Image, ImageDraw

from demo.dice import Dice
from demo.people import latin, name_of
from demo.places import Places
from marketplace.accounts import services
from marketplace.accounts.models import User, VerificationRequest

WAITING = 7
_FIRST_PHONE = 9_003_000_000


def queue_up(dice: Dice, places: Places, moderator: User, moment: datetime) -> list[VerificationRequest]:
    """Requests of the last hours; one name differs from the profile's, one person was asked for sharper photos before."""
    requests = [_ask(dice, places, number, moment) for number in range(WAITING)]
    again = requests[-1]
    services.decide_verification(
        request_id=again.pk, by=moderator, outcome="more", reason="На фото документа блик, не видно даты выдачи."
    )
    requests[-1] = submit(dice, again.profile.user, again.full_name)
    for number, request in enumerate(requests):
        asked = moment - timedelta(minutes=dice.randint(20, 60) * (len(requests) - number))
        VerificationRequest.objects.filter(pk=request.pk).update(submitted_at=asked)
    return requests


def _ask(dice: Dice, places: Places, number: int, moment: datetime) -> VerificationRequest:
    woman = dice.chance(0.4)
    name = name_of(dice, woman)
    person = services.make_person(
        name=name,
        phone=f"+7{_FIRST_PHONE + number}",
        email=f"{latin(name)}.w{number}@example.org",
        city_id=places.towns[dice.pick(list(places.towns))].city.pk,
        registered_at=moment - timedelta(days=dice.randint(0, 3), minutes=dice.randint(200, 900)),
    )
    return submit(dice, person, name if number != 2 else _other_surname(dice, name, woman))


def _other_surname(dice: Dice, name: str, woman: bool) -> str:
    """As in a document that is older than a marriage."""
    other = name
    while other == name:
        other = f"{name.partition(' ')[0]} {name_of(dice, woman).partition(' ')[2]}"
    return other


def submit(dice: Dice, person: User, full_name: str) -> VerificationRequest:
    skin = dice.pick(["#d8b08c", "#c99a74", "#e2bf9f", "#b98560"])
    coat = dice.pick(["#40566b", "#6b4a40", "#3f5f4d", "#5b4a6e"])
    card = _card(full_name, skin, coat)
    return services.submit_verification(
        user=person,
        full_name=full_name,
        document_kind=dice.pick(["passport", "passport", "driving_licence"]),
        document=_jpeg(card),
        selfie=_jpeg(_selfie(card, skin, coat)),
        consent_version=services.CONSENT_VERSION,
    )


def _card(full_name: str, skin: str, coat: str) -> Image.Image:
    card = Image.new("RGB", (960, 640), "#efe6d8")
    pen = ImageDraw.Draw(card)
    pen.rectangle((24, 24, 936, 616), outline="#a8562f", width=6)
    _face(pen, 210, 300, 110, skin, coat)
    for row, width in enumerate((420, 300, 360, 240, 390)):
        pen.rectangle((440, 240 + 62 * row, 440 + width, 262 + 62 * row), fill="#b9ab97")
    pen.text((440, 120), latin(full_name).replace(".", " ").upper(), fill="#333333", font_size=40)
    pen.text((300, 540), "SPECIMEN", fill="#a8562f", font_size=64)
    return card


def _selfie(card: Image.Image, skin: str, coat: str) -> Image.Image:
    scene = Image.new("RGB", (900, 1200), "#c8d2d6")
    pen = ImageDraw.Draw(scene)
    _face(pen, 450, 420, 220, skin, coat)
    scene.paste(card.resize((420, 280)), (400, 860))
    return scene


def _face(pen: ImageDraw.ImageDraw, x: int, y: int, radius: int, skin: str, coat: str) -> None:
    pen.ellipse((x - 1.6 * radius, y + 0.9 * radius, x + 1.6 * radius, y + 4 * radius), fill=coat)
    pen.ellipse((x - radius, y - 1.25 * radius, x + radius, y + 1.25 * radius), fill=skin)
    pen.pieslice((x - radius, y - 1.35 * radius, x + radius, y + 0.9 * radius), 180, 360, fill="#4a3b30")
    for side in (-0.4, 0.4):
        pen.ellipse((x + side * radius - 8, y - 8, x + side * radius + 8, y + 8), fill="#2b2320")
    pen.arc((x - 0.4 * radius, y + 0.3 * radius, x + 0.4 * radius, y + 0.8 * radius), 20, 160, fill="#7c3f35", width=6)


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()
