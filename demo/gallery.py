"""Portraits of people, albums of executors, photos of tasks: files drawn once and given out as copies."""

from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from typing import Self

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from demo.copying import save_rows
from demo.dice import Dice
from demo.people import Customer, Executor
from demo.pictures import HEIGHT, WIDTH, Scene, portrait, scenes_of, work
from demo.tasks import Plan
from marketplace.accounts.models import User
from marketplace.trust.models import Album, AlbumPhoto
from tasks_app.models import Category, Task, TaskPhoto

VARIANTS = 6
_CAPTIONS = ["", "", "Было и стало", "Работа этой осени", "Свежая работа", "Заказчик доволен"]


@dataclass
class Orders:
    """What is to be drawn, with seeds of its own: (name, seed, woman) and (name, seed, scene, variant)."""

    portraits: list[tuple[str, int, bool]] = field(default_factory=list)
    works: list[tuple[str, int, Scene, int]] = field(default_factory=list)


class Gallery:
    """Takes orders for pictures, and has them drawn by a second process while the world is written; every use gets files of its
    own, as an upload would. Leaving it waits for the last picture."""

    def __init__(self, dice: Dice) -> None:
        self.dice, self.orders = dice, Orders()
        self._seed = dice.getrandbits(32)
        self._painter = ProcessPoolExecutor(1, mp_context=get_context("fork"))
        self._drawn: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._painter:
            if self._drawn is not None:
                self._drawn.result()

    def draw(self) -> None:
        self._drawn = self._painter.submit(draw, self.orders)

    def pictures(self, category: Category, folder: str, count: int) -> list[tuple[str, str]]:
        """Names of new pictures and their thumbnails in the public storage; no two of them alike."""
        scenes = scenes_of(category.slug, category.group.slug)
        variants = self.dice.sample(range(VARIANTS), k=VARIANTS)
        return [self._work(folder, scenes[n % len(scenes)], variants[n % VARIANTS]) for n in range(count)]

    def _work(self, folder: str, scene: Scene, variant: int) -> tuple[str, str]:
        name = f"{folder}/{self.dice.uuid().hex}"
        self.orders.works.append((name, self._seed, scene, variant))
        return full_of(name), small_of(name)

    def portrait(self, *, woman: bool) -> str:
        name = f"people/{self.dice.uuid().hex}"
        self.orders.portraits.append((name, self.dice.getrandbits(32), woman))
        return full_of(name)


def full_of(name: str) -> str:
    return f"{name}.jpg"


def small_of(name: str) -> str:
    return f"{name}-small.jpg"


def draw(orders: Orders) -> None:
    """In the second process: it knows the storage, and never touches the database."""
    for name, seed, woman in orders.portraits:
        keep(full_of(name), portrait(Dice(seed), woman=woman))
    for name, seed, scene, variant in orders.works:
        full, small = _drawn(seed, scene, variant)
        keep(full_of(name), full)
        keep(small_of(name), small)


@cache
def _drawn(seed: int, scene: Scene, variant: int) -> tuple[bytes, bytes]:
    """One drawing serves everybody who shows such a work."""
    return work(Dice(f"{seed} {scene.__name__} {variant}"), scene, variant)


def keep(name: str, data: bytes) -> str:
    """The same seed names its files alike: a world loaded again writes over the files of the last one."""
    default_storage.delete(name)
    return default_storage.save(name, ContentFile(data))


def hang_portraits(gallery: Gallery, executors: list[Executor], customers: list[Customer]) -> None:
    people: list[User] = []
    everybody: list[tuple[Executor | Customer, float]] = [
        *((e, 0.9) for e in executors),
        *((c, 0.5) for c in customers),
    ]
    for person, share in everybody:
        if gallery.dice.chance(share):
            person.user.photo.name = gallery.portrait(woman=person.woman)
            people.append(person.user)
    User.objects.bulk_update(people, ["photo"], batch_size=200)


def fill_albums(gallery: Gallery, executors: list[Executor]) -> None:
    albums, photos = [], []
    for executor in executors:
        for category in gallery.dice.sample(executor.categories, k=min(2, len(executor.categories))):
            if gallery.dice.chance(0.3):
                continue
            album = Album(
                executor=executor.user, title=category.name_ru, category=category, created_at=executor.user.date_joined
            )
            albums.append(album)
            drawn = gallery.pictures(category, "albums", gallery.dice.randint(2, 4))
            photos += [_photo(gallery.dice, album, names, n) for n, names in enumerate(drawn)]
    save_rows(albums)
    save_rows(photos)


def _photo(dice: Dice, album: Album, names: tuple[str, str], position: int) -> AlbumPhoto:
    image, thumbnail = names
    return AlbumPhoto(
        public_id=dice.uuid(),
        album=album,
        image=image,
        thumbnail=thumbnail,
        caption=dice.pick(_CAPTIONS),
        width=WIDTH,
        height=HEIGHT,
        position=position,
    )


def add_task_photos(gallery: Gallery, plans: list[Plan]) -> None:
    """Some of the open tasks show what it is about."""
    photos, shown = [], []
    for plan in plans:
        if plan.fate != "open" or plan.task.is_remote or not gallery.dice.chance(0.25):
            continue
        plan.task.photos_count = gallery.dice.randint(1, 3)
        shown.append(plan.task)
        drawn = gallery.pictures(plan.task.category, "tasks", plan.task.photos_count)
        for position, (image, thumbnail) in enumerate(drawn):
            photos.append(
                TaskPhoto(
                    public_id=gallery.dice.uuid(),
                    task=plan.task,
                    position=position,
                    image=image,
                    thumbnail=thumbnail,
                    width=WIDTH,
                    height=HEIGHT,
                )
            )
    Task.objects.bulk_update(shown, ["photos_count"], batch_size=200)
    save_rows(photos)
