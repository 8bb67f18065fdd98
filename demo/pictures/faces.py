"""Portraits of people who do not exist: a friendly flat face."""

from PIL import Image

from demo.dice import Dice
from demo.pictures.canvas import Canvas

_SKINS = ("#f3d3bd", "#eec4a5", "#e3b18f", "#d69f7e")
_HAIR = ("#3a2a20", "#5a4030", "#7a5a3c", "#a97b45", "#c9a15f", "#2b2b2e", "#8d8d90")
_CLOTHES = ("#c8694a", "#3f7d6e", "#5566a6", "#a6505b", "#6f8040", "#3b7793", "#8a6a9a", "#4a4a4a")
_GROUNDS = ("#efe6d8", "#dfe8e4", "#e4e6f0", "#f3e3df", "#e8ecd9", "#e3ecf1")


def face(dice: Dice, *, woman: bool, size: int = 256) -> Image.Image:
    skin, hair = dice.pick(_SKINS), dice.pick(_HAIR)
    canvas = Canvas((dice.pick(_GROUNDS), "#000000", "#000000", "#000000", "#ffffff", "#000000"), size, size)
    long = woman and dice.chance(0.75)
    if long:
        canvas.rect((24, 22, 76, dice.pick([74, 82, 90])), hair, 24)
    canvas.oval((8, 74, 92, 140), dice.pick(_CLOTHES))
    canvas.rect((41, 62, 59, 84), skin, 8)
    canvas.oval((28, 22, 72, 72), skin)
    _hair(canvas, dice, hair, woman=woman)
    _features(canvas, dice, hair, woman=woman)
    return canvas.finished()


def _hair(canvas: Canvas, dice: Dice, hair: str, *, woman: bool) -> None:
    if woman:
        canvas.slice((25, 16, 75, 66), 180, 360, hair)
        canvas.shape([(26, 41), (74, 41), (74, 36), (dice.pick([40, 50, 60]), 34), (26, 46)], hair)
        if dice.chance(0.25):
            canvas.disc(50, 16, 9, hair)
    else:
        canvas.slice((27, 17, 73, 62), 180, 360, hair)
        canvas.rect((27, 36, 31, 46), hair, 2).rect((69, 36, 73, 46), hair, 2)
        canvas.shape([(29, 40), (71, 40), (66, 33), (34, 33)], hair)
        if dice.chance(0.35):
            canvas.slice((31, 42, 69, 73), 20, 160, hair)


def _features(canvas: Canvas, dice: Dice, hair: str, *, woman: bool) -> None:
    for x in (41, 59):
        canvas.disc(x, 47, 2.2, "#33261f")
        canvas.arc((x - 5, 40, x + 5, 48), 205, 335, hair, 1.4)
    if dice.chance(0.22):
        for x in (41, 59):
            canvas.ring(x, 47, 6.5, "#3c3c40", 1.1)
        canvas.line([(47.5, 47), (52.5, 47)], "#3c3c40", 1.1)
    canvas.line([(50, 50), (48.6, 55), (50.6, 55.6)], "#b9826a", 1)
    canvas.arc((42, 54, 58, 65), 25, 155, "#a8483f" if woman else "#8a4a3c", 1.8)
