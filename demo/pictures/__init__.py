"""Pictures of the demo world, drawn from shapes: portraits, and works for portfolios and tasks."""

from collections.abc import Callable

from PIL import Image

from demo.dice import Dice
from demo.pictures import homes, things
from demo.pictures.canvas import PALETTES, Canvas, jpeg
from demo.pictures.faces import face

Scene = Callable[[Canvas, Dice], None]

# What a category's works look like; a group's scenes for the categories that are not named.
BY_CATEGORY: dict[str, tuple[Scene, ...]] = {
    "handyman": (homes.shelf, homes.lamp, homes.door),
    "furniture-assembly": (homes.wardrobe, homes.shelf, homes.kitchen),
    "plumbing": (homes.tap, homes.tiles),
    "electrical": (homes.lamp,),
    "painting-and-wallpaper": (homes.painted_wall,),
    "tiling-and-floors": (homes.tiles,),
    "doors-windows-locks": (homes.door, homes.window),
    "window-cleaning": (homes.window,),
    "upholstery-cleaning": (homes.sofa,),
    "washing-machines": (homes.washer,),
    "fridges": (homes.fridge,),
    "dishwashers": (homes.kitchen,),
    "cookers-and-ovens": (homes.kitchen,),
    "air-conditioners": (homes.conditioner,),
    "tv-and-audio": (homes.shelf, things.laptop),
    "phone-repair": (things.phone,),
    "makeup": (things.mirror,),
    "music-lessons": (things.guitar,),
    "photographer": (things.camera,),
    "videographer": (things.camera,),
    "catering-staff": (things.cake,),
    "interior-design": (homes.sofa, homes.kitchen, homes.lamp),
    "websites": (things.page,),
    "dog-walking": (things.dog,),
    "dog-training": (things.dog,),
}
BY_GROUP: dict[str, tuple[Scene, ...]] = {
    "couriers": (things.parcel, things.bicycle),
    "repairs": (homes.painted_wall, homes.kitchen, homes.shelf),
    "cargo": (things.truck, things.parcel),
    "cleaning": (homes.clean_floor, homes.bucket, homes.window),
    "appliances": (homes.washer, homes.kitchen),
    "computers": (things.laptop, things.phone),
    "beauty": (things.polish, things.mirror),
    "tutors": (things.books, things.board),
    "events": (things.balloons, things.cake),
    "design": (things.poster, things.page),
    "legal": (things.papers, things.scales),
    "pets": (things.cat, things.dog),
}
WIDTH, HEIGHT = 640, 480
SMALL = (320, 240)


def scenes_of(category: str, group: str) -> tuple[Scene, ...]:
    return BY_CATEGORY.get(category) or BY_GROUP[group]


def work(dice: Dice, scene: Scene, variant: int) -> tuple[bytes, bytes]:
    """A picture of a work and its thumbnail, as JPEG; each variant has colours of its own."""
    canvas = Canvas(PALETTES[variant % len(PALETTES)], WIDTH, HEIGHT)
    scene(canvas, dice)
    full = canvas.finished()
    return jpeg(full), jpeg(full.resize(SMALL, Image.Resampling.BILINEAR))


def portrait(dice: Dice, *, woman: bool) -> bytes:
    return jpeg(face(dice, woman=woman))
