"""Portraits of people, albums of executors, photos of tasks: files drawn once and given out as copies."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from demo.dice import Dice
from demo.people import Customer, Executor
from demo.pictures import HEIGHT, WIDTH, Scene, portrait, scenes_of, work
from demo.tasks import Plan
from marketplace.accounts.models import User
from marketplace.trust.models import Album, AlbumPhoto
from tasks_app.models import Category, Task, TaskPhoto

VARIANTS = 6
_CAPTIONS = ["", "", "Было и стало", "Работа этой осени", "Свежая работа", "Заказчик доволен"]


class Gallery:
    """A library of drawn works by scene; every use gets files of its own, as an upload would."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self._library: dict[tuple[str, int], tuple[bytes, bytes]] = {}

    def pictures(self, category: Category, folder: str, count: int) -> list[tuple[str, str]]:
        """Names of new pictures and their thumbnails in the public storage; no two of them alike."""
        scenes = scenes_of(category.slug, category.group.slug)
        variants = self.dice.sample(range(VARIANTS), k=VARIANTS)
        return [self._put(folder, *self._drawn(scenes[n % len(scenes)], variants[n % VARIANTS])) for n in range(count)]

    def _drawn(self, scene: Scene, variant: int) -> tuple[bytes, bytes]:
        key = (scene.__name__, variant)
        if key not in self._library:
            self._library[key] = work(self.dice, scene, variant)
        return self._library[key]

    def _put(self, folder: str, full: bytes, small: bytes) -> tuple[str, str]:
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
    Album.objects.bulk_create(albums)
    AlbumPhoto.objects.bulk_create(photos, batch_size=500)


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
    TaskPhoto.objects.bulk_create(photos, batch_size=500)
