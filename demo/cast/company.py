"""The cast as accounts with profiles: who they are before their stories begin."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from demo.cast.people import meet
from demo.gallery import Gallery, fill_albums
from demo.people import Executor
from marketplace.accounts.models import ExecutorProfile, User
from marketplace.accounts.services import AreaPoint, make_executor
from tasks_app.models import Category
from tasks_app.tracking.consent import VERSION

if TYPE_CHECKING:
    from demo.build import World
    from demo.cast.stage import Stage

_ANDREY = ["handyman", "furniture-assembly", "electrical", "doors-windows-locks", "plumbing"]
_MARINA = ["regular-cleaning", "deep-cleaning", "window-cleaning", "laundry-and-ironing"]


# Far from where their stories take them: living next door would be a story of its own.
_HOMES = {"andrey": ("Первомайская улица", 92), "marina": ("Профсоюзная улица", 64)}


@dataclass(frozen=True)
class Company:
    irina: User
    andrey: Executor
    marina: Executor


def gather(stage: "Stage") -> Company:
    world = stage.world
    moscow = world.places.towns["moscow"].city
    stage.to(timedelta(days=300))
    irina = meet("irina", moment=world.moment, city_id=moscow.pk, days=260)
    andrey = _executor(stage, "andrey", _ANDREY, "handyman", woman=False, about=(
        "Мастер на час с 2014 года. Свой инструмент с пылесосом, приезжаю вовремя. "
        "Сначала смотрю и объясняю, потом делаю. Цену называю до начала и не меняю."
    ))  # fmt: skip
    marina = _executor(stage, "marina", _MARINA, "cleaner", woman=True, about=(
        "Убираю квартиры восемь лет. Средства без резкого запаха, паровая швабра своя. "
        "Мою и там, где не видно; с животными дружу. Ключи беру под расписку."
    ))  # fmt: skip
    _pictures(world, [(irina, True), (andrey.user, False), (marina.user, True)], [andrey, marina])
    return Company(irina, andrey, marina)


def _executor(stage: "Stage", key: str, slugs: list[str], trade: str, *, woman: bool, about: str) -> Executor:
    world = stage.world
    town = world.places.towns["moscow"]
    user = meet(key, moment=world.moment, city_id=town.city.pk, days=290)
    home = town.address_of(*_HOMES[key])
    categories = list(Category.objects.filter(slug__in=slugs).select_related("group"))
    centre = town.city.centre
    make_executor(
        user=user,
        about=about,
        languages=["ru", "en"],
        category_ids=[category.pk for category in categories],
        points=[AreaPoint(home.point.x, home.point.y, 8000, "Дом"), AreaPoint(centre.x, centre.y, 12000, "Центр")],
        verified_by=world.staff.moderator,
    )
    ExecutorProfile.objects.filter(user=user).update(created_at=user.date_joined)
    user.consents.create(kind="location", version=VERSION, given_at=user.date_joined)
    return Executor(user, woman, home, town, [trade], categories, 0.95, trial=False)


def _pictures(world: "World", people: list[tuple[User, bool]], executors: list[Executor]) -> None:
    with Gallery(world.dice) as gallery:
        for user, woman in people:
            user.photo.name = gallery.portrait(woman=woman)
            user.save(update_fields=["photo"])
        fill_albums(gallery, executors)
        gallery.draw()
