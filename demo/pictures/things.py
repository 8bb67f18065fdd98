"""Everything else: deliveries, devices, beauty, lessons, feasts, drafts, papers, animals."""

from demo.dice import Dice
from demo.pictures.canvas import Canvas


def parcel(c: Canvas, dice: Dice) -> None:
    c.room(50)
    for x, y, size in dice.pick(
        [((36, 34, 30),), ((22, 42, 24), (50, 34, 30)), ((20, 46, 20), (42, 46, 20), (31, 27, 19))]
    ):
        c.shadow(x + size / 2, y + size * 0.85, size * 0.55).rect((x, y, x + size, y + size * 0.85), c.second, 0.8)
        c.rect((x + size * 0.42, y, x + size * 0.58, y + size * 0.85), c.main)
        c.rect((x + 2, y + size * 0.6, x + size * 0.36, y + size * 0.75), c.light, 0.4)


def truck(c: Canvas, dice: Dice) -> None:
    c.rect((0, 52, 100, 75), "#8f8f8c").rect((0, 48, 100, 52), "#6f8040")
    for x in range(2, 100, 18):
        c.rect((x, 66, x + 9, 67.2), c.light)
    c.rect((16, 18, 62, 52), c.main, 1.4).rect((19, 21, 59, 40), c.light, 1)
    c.shape([(62, 28), (76, 28), (84, 40), (84, 52), (62, 52)], c.second).shape(
        [(65, 31), (75, 31), (80, 40), (65, 40)], "#cfe6f2"
    )
    for x in (28, 72):
        c.disc(x, 54, 6.4, c.dark).disc(x, 54, 2.8, c.light)


def bicycle(c: Canvas, dice: Dice) -> None:
    c.room(58)
    for n in range(5):
        height = dice.randint(18, 40)
        c.rect((n * 20 + 1, 58 - height, n * 20 + 17, 58), dice.pick([c.light, c.second, c.floor]))
    for x in (32, 68):
        c.ring(x, 57, 9.5, c.dark, 1.4)
    c.line([(32, 57), (44, 40), (62, 40), (52, 57), (44, 40)], c.main, 1.6).line([(52, 57), (32, 57)], c.main, 1.6)
    c.line([(68, 57), (60, 34), (66, 32)], c.main, 1.6).rect((38, 36, 48, 38.6), c.dark, 1).rect(
        (16, 30, 36, 46), c.second, 1.5
    )


def laptop(c: Canvas, dice: Dice) -> None:
    c.room(54)
    c.rect((28, 20, 72, 50), c.dark, 1.6).rect((30.4, 22.4, 69.6, 47), "#eaf2f6", 0.6)
    c.shape([(24, 54), (76, 54), (80, 58), (20, 58)], c.light)
    for n in range(dice.randint(4, 6)):
        c.rect((34, 26 + n * 3.4, dice.uniform(44, 64), 27.4 + n * 3.4), dice.pick([c.main, c.second, c.floor]), 0.5)
    c.rect((82, 46, 90, 56), c.main, 1.4)


def phone(c: Canvas, dice: Dice) -> None:
    c.room(60)
    c.rect((38, 10, 62, 60), c.dark, 3).rect((40, 14, 60, 55), c.light, 1)
    for row in range(4):
        for column in range(3):
            c.rect(
                (42 + column * 6, 17 + row * 7, 46.4 + column * 6, 21.4 + row * 7),
                dice.pick([c.main, c.second, c.floor]),
                1,
            )
    c.disc(50, 57.6, 1.3, c.light)


def polish(c: Canvas, dice: Dice) -> None:
    c.room(52)
    for n, x in enumerate((24, 40, 56, 72)):
        colour = (c.main, c.second, "#d98aa0", c.dark)[(n + dice.randint(0, 3)) % 4]
        c.shadow(x + 5, 62, 7).rect((x, 42, x + 10, 62), colour, 2.4).rect((x + 2.6, 24, x + 7.4, 42), c.dark, 1)
        c.rect((x + 1.4, 46, x + 2.8, 56), c.light, 0.6)


def mirror(c: Canvas, dice: Dice) -> None:
    c.room(58)
    c.oval((32, 6, 68, 54), c.main).oval((34.6, 8.6, 65.4, 51.4), "#dceaf0")
    c.shape([(40, 42), (54, 12), (59, 14), (46, 46)], "#eff6f9")
    for x in (14, 22, 76, 84):
        c.rect((x, 50, x + 5, 60), dice.pick([c.second, c.light, c.dark]), 1)


def books(c: Canvas, dice: Dice) -> None:
    c.room(58)
    y = 66.0
    for _ in range(dice.randint(3, 5)):
        left, width = dice.uniform(24, 32), dice.uniform(34, 44)
        c.rect((left, y - 7, left + width, y), dice.pick([c.main, c.second, c.dark]), 0.8).rect(
            (left + 3, y - 5.4, left + width, y - 1.6), c.light
        )
        y -= 7.2
    c.disc(50, y - 5, 5, c.main).line([(50, y - 9), (52, y - 13)], "#6f8040", 1)


def board(c: Canvas, dice: Dice) -> None:
    c.rect((10, 8, 90, 58), c.second, 1).rect((12.4, 10.4, 87.6, 55.6), "#35564a")
    c.line([(20, 46), (20, 18)], c.light, 0.8).line([(20, 46), (48, 46)], c.light, 0.8)
    c.line([(20, 46), (27, 40), (34, 28), (40, 22), (46, 20)], c.light, 1)
    for n in range(4):
        c.line([(56, 20 + n * 8), (56 + dice.randint(12, 26), 20 + n * 8)], c.light, 1)
    c.rect((0, 64, 100, 75), c.floor).rect((40, 58, 54, 60), c.light)


def guitar(c: Canvas, dice: Dice) -> None:
    c.room(62)
    c.disc(50, 50, 13, c.main).disc(50, 34, 9.6, c.main).disc(50, 45, 4.2, c.dark).rect((48.4, 4, 51.6, 42), c.second)
    c.rect((46.6, 2, 53.4, 10), c.dark, 1).rect((45, 55, 55, 57), c.dark, 0.5)


def balloons(c: Canvas, dice: Dice) -> None:
    c.rect((0, 62, 100, 75), c.floor)
    for n, x in enumerate((26, 40, 54, 68, 80)):
        y = dice.uniform(16, 32)
        c.line([(x, y + 8), (x + dice.uniform(-3, 3), 44), (52, 64)], c.dark, 0.4)
        c.oval((x - 6.4, y - 8, x + 6.4, y + 8.6), (c.main, c.second, "#d98aa0", c.light, "#7fb2c9")[n])


def cake(c: Canvas, dice: Dice) -> None:
    c.room(54)
    c.oval((22, 60, 78, 68), c.light).rect((28, 42, 72, 64), c.second, 2).rect((28, 42, 72, 48), c.light, 2)
    c.rect((36, 28, 64, 43), c.main, 2).rect((36, 28, 64, 32), c.light, 2)
    for x in range(40, 62, dice.pick([5, 7])):
        c.rect((x, 20, x + 1.4, 28), c.dark).disc(x + 0.7, 18.4, 1.4, "#f0a030")


def camera(c: Canvas, dice: Dice) -> None:
    c.room(56)
    c.shadow(50, 62, 30).rect((22, 26, 78, 61), c.dark, 4).rect((38, 19, 58, 28), c.dark, 2)
    c.disc(50, 44, 14, c.light).disc(50, 44, 11.6, c.main).disc(50, 44, 6.6, c.dark).disc(46.6, 40.6, 2, c.light)
    c.rect((66, 30, 73, 34), c.second, 0.8)


def poster(c: Canvas, dice: Dice) -> None:
    c.room(66)
    c.rect((30, 6, 70, 60), c.light, 0.8)
    kind = dice.randint(0, 2)
    if kind == 0:
        c.disc(50, 26, 11, c.main).rect((50, 26, 62, 38), c.second).slice((38, 15, 62, 37), 90, 180, c.dark)
    elif kind == 1:
        c.shape([(50, 13), (63, 37), (37, 37)], c.main).disc(50, 31, 5, c.second)
    else:
        for n in range(5):
            c.rect((36 + n * 5.8, 38 - dice.randint(6, 22), 40 + n * 5.8, 38), (c.main, c.second)[n % 2], 0.4)
    for n in range(3):
        c.rect((36, 44 + n * 4.4, dice.uniform(52, 64), 45.8 + n * 4.4), c.floor, 0.5)


def page(c: Canvas, dice: Dice) -> None:
    c.rect((12, 10, 88, 66), c.light, 2).rect((12, 10, 88, 16), c.dark, 2)
    for n in range(3):
        c.disc(16 + n * 3, 13, 0.9, c.second)
    c.rect((18, 21, 54, 40), c.main, 1).rect((58, 22, 82, 25), c.dark, 0.6)
    for n in range(3):
        c.rect((58, 28 + n * 4, dice.uniform(70, 82), 29.6 + n * 4), c.floor, 0.5)
        c.rect((18 + n * 22, 45, 36 + n * 22, 60), dice.pick([c.second, c.wall, c.floor]), 1)


def papers(c: Canvas, dice: Dice) -> None:
    c.room(30)
    c.shape([(30, 16), (70, 12), (74, 62), (34, 66)], c.light)
    for n in range(7):
        c.line([(37, 25 + n * 4.6), (dice.uniform(58, 67), 23.4 + n * 4.6)], c.floor, 1)
    c.ring(62, 54, 5.6, c.main, 1.2).ring(62, 54, 3.4, c.main, 0.6).line(
        [(40, 60), (44, 56), (47, 60), (52, 56)], c.dark, 0.8
    )
    c.line([(82, 20), (72, 56), (71, 60)], c.dark, 2.2)


def scales(c: Canvas, dice: Dice) -> None:
    c.room(60)
    c.rect((48.6, 16, 51.4, 62), c.dark).rect((38, 61, 62, 65), c.dark, 1).line([(26, 22), (74, 20)], c.dark, 1.6).disc(
        50, 17, 2.4, c.second
    )
    for x, y in ((26, 22), (74, 20)):
        c.line([(x, y), (x - 8, y + 18)], c.dark, 0.5).line([(x, y), (x + 8, y + 18)], c.dark, 0.5)
        c.slice((x - 10, y + 8, x + 10, y + 28), 0, 180, c.main)


def dog(c: Canvas, dice: Dice) -> None:
    fur = dice.pick(["#c98f55", "#8a6242", "#e3c597", "#55493f"])
    c.room(60)
    c.oval((28, 52, 72, 90), fur).oval((30, 12, 70, 58), fur)
    c.oval((21, 16, 37, 44), c.dark).oval((63, 16, 79, 44), c.dark).oval((40, 36, 60, 56), c.light)
    c.disc(42, 32, 2.4, "#2a211c").disc(58, 32, 2.4, "#2a211c").oval((46, 39, 54, 45), "#2a211c").slice(
        (45, 44, 55, 56), 20, 160, "#d9766c"
    )
    c.rect((32, 58, 68, 62), c.main, 2)


def cat(c: Canvas, dice: Dice) -> None:
    fur = dice.pick(["#8f8f94", "#d99a55", "#4a4648", "#e8d9c4"])
    c.room(60)
    c.oval((30, 48, 70, 92), fur).shape([(30, 32), (32, 10), (46, 22)], fur).shape(
        [(70, 32), (68, 10), (54, 22)], fur
    ).oval((28, 18, 72, 58), fur)
    for x in (41, 59):
        c.oval((x - 4, 31, x + 4, 39), "#cfd98a").oval((x - 1.2, 31.6, x + 1.2, 38.4), "#222222")
    c.shape([(48, 43), (52, 43), (50, 45.6)], "#d98aa0")
    for y in (44, 47):
        c.line([(22, y - 1), (42, y)], c.light, 0.5).line([(58, y), (78, y - 1)], c.light, 0.5)
