"""Portraits of people, albums of executors, photos of tasks: files drawn once and given out as copies."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from demo.dice import Dice
from demo.people import Customer, Executor
from demo.pictures import HEIGHT, WIDTH, portrait, scenes_of, work
from demo.tasks import Plan
from marketplace.accounts.models import User
from marketplace.trust.models import Album, AlbumPhoto
from tasks_app.models import Category, Task, TaskPhoto

VARIANTS = 4
_CAPTIONS = ["", "", "Было и стало", "Работа этой осени", "Свежая работа", "Заказчик доволен"]


class Gallery:
    """A library of drawn works by scene; every use gets files of its own, as an upload would."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self._library: dict[str, list[tuple[bytes, bytes]]] = {}

    def picture(self, category: Category, folder: str) -> tuple[str, str]:
        """Names of a new picture and its thumbnail in the public storage."""
        scene = self.dice.pick(scenes_of(category.slug, category.group.slug))
        drawn = self._library.setdefault(scene.__name__, [])
        if len(drawn) < VARIANTS:
            drawn.append(work(self.dice, scene))
        full, small = self.dice.pick(drawn)
        name = f"{folder}/{self.dice.uuid().hex}"
        return keep(f"{name}.jpg", full), keep(f"{name}-small.jpg", small)

    def portrait(self, *, woman: bool) -> str:
        return keep(f"people/{self.dice.uuid().hex}.jpg", portrait(self.dice, woman=woman))


def keep(name: str, data: bytes) -> str:
    """The same seed names its files alike: a world loaded again writes over the files of the last one."""
    default_storage.delete(name)
    return default_storage.save(name, ContentFile(data))


def hang_portraits(gallery: Gallery, executors: list[Executor], customers: list[Customer]) -> None:
    people: list[User] = []
    for person, share in [*((e, 0.9) for e in executors), *((c, 0.5) for c in customers)]:
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
            photos += [_photo(gallery, album, category, n) for n in range(gallery.dice.randint(2, 4))]
    Album.objects.bulk_create(albums)
    AlbumPhoto.objects.bulk_create(photos, batch_size=500)


def _photo(gallery: Gallery, album: Album, category: Category, position: int) -> AlbumPhoto:
    image, thumbnail = gallery.picture(category, "albums")
    return AlbumPhoto(
        public_id=gallery.dice.uuid(),
        album=album,
        image=image,
        thumbnail=thumbnail,
        caption=gallery.dice.pick(_CAPTIONS),
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
        for position in range(plan.task.photos_count):
            image, thumbnail = gallery.picture(plan.task.category, "tasks")
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
    TaskPhoto.objects.bulk_create(photos, batch_size=500)
