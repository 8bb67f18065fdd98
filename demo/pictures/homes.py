"""Work done at home: repairs, cleaning, appliances."""

from demo.dice import Dice
from demo.pictures.canvas import Canvas


def shelf(c: Canvas, dice: Dice) -> None:
    c.room(62)
    for y in dice.pick([(30.0,), (22.0, 42.0)]):
        c.rect((22, y, 78, y + 2.2), c.main, 0.6)
        x = 25.0
        while x < 66:
            width, height = dice.uniform(2.4, 4.2), dice.uniform(9, 14)
            c.rect((x, y - height, x + width, y), dice.pick([c.second, c.dark, c.floor, c.light]), 0.4)
            x += width + 0.6
        c.disc(72, y - 3.2, 3.2, c.light).rect((71.6, y - 11, 72.4, y - 5), c.dark)


def lamp(c: Canvas, dice: Dice) -> None:
    c.room()
    for x in dice.pick([(50.0,), (36.0, 64.0), (30.0, 50.0, 70.0)]):
        c.rect((x - 0.3, 0, x + 0.3, 20), c.dark)
        c.shape([(x - 9, 30), (x + 9, 30), (x + 4.5, 20), (x - 4.5, 20)], c.main)
        c.disc(x, 31, 3.4, c.second)
    c.rect((24, 52, 76, 55), c.dark, 1).rect((28, 55, 31, 70), c.dark).rect((69, 55, 72, 70), c.dark)


def tap(c: Canvas, dice: Dice) -> None:
    c.rect((0, 48, 100, 75), c.light).rect((20, 50, 80, 66), c.floor, 6).rect((24, 52, 76, 63), c.wall, 5)
    for y in range(6, 46, 10):
        for x in range(4, 100, 16):
            c.rect((x + (y // 10 % 2) * 8, y, x + 15 + (y // 10 % 2) * 8, y + 9), c.light, 0.5)
    c.line([(50, 50), (50, 26), (53, 22), (62, 22), (64, 26), (64, 34)], c.dark, 3.4)
    c.rect((45, 46, 55, 51), c.dark, 1).disc(50, 20, 2.6, c.main)
    if dice.chance(0.5):
        c.disc(64, 40, 1.4, "#5fa3c7").disc(64, 46, 1.1, "#5fa3c7")


def wardrobe(c: Canvas, dice: Dice) -> None:
    c.room(60)
    doors = dice.pick([2, 3])
    c.shadow(50, 66, 27).rect((26, 12, 74, 66), c.main, 1)
    for n in range(doors):
        left = 28 + n * 44 / doors
        c.rect((left, 14, left + 44 / doors - 1.4, 62), dice.pick([c.second, c.light]), 0.6)
        c.rect((left + 1.4, 36, left + 2.2, 42), c.dark, 0.3)
    c.disc(86, 60, 5, c.second).shape([(86, 58), (79, 40), (84, 44), (86, 34), (89, 45), (93, 41)], "#6f8040")


def kitchen(c: Canvas, dice: Dice) -> None:
    c.room(64)
    for n in range(4):
        c.rect((12 + n * 19.5, 8, 30 + n * 19.5, 26), c.main if n % 2 else c.second, 0.8)
        c.rect((12 + n * 19.5, 44, 30 + n * 19.5, 66), c.main, 0.8)
        c.rect((26 + n * 19.5, 47, 28 + n * 19.5, 48), c.light, 0.4)
    c.rect((10, 40, 92, 44), c.dark, 0.6)
    for n in range(5):
        c.rect((12 + n * 16, 28, 26 + n * 16, 38), c.light, 0.4)
    c.oval((dice.randint(30, 60), 35, dice.randint(64, 70), 40), c.light)


def tiles(c: Canvas, dice: Dice) -> None:
    size = dice.pick([10, 12.5])
    for row in range(int(75 / size) + 1):
        for column in range(int(100 / size) + 1):
            x, y = column * size, row * size
            c.rect((x + 0.4, y + 0.4, x + size - 0.4, y + size - 0.4), dice.pick([c.light, c.floor, c.light]), 0.5)
            if (row + column) % 2:
                c.disc(x + size / 2, y + size / 2, size / 4, dice.pick([c.main, c.second]))


def door(c: Canvas, dice: Dice) -> None:
    c.room(64)
    c.rect((36, 8, 66, 66), c.light, 0.6).rect((38, 10, 64, 66), c.main, 0.6)
    c.rect((42, 15, 60, 34), c.second, 0.6).rect((42, 39, 60, 60), c.second, 0.6)
    c.disc(61.4, 38, 1.3, c.dark).rect((76, 22, 90, 40), c.light, 0.5).rect((78, 24, 88, 38), c.floor)


def painted_wall(c: Canvas, dice: Dice) -> None:
    c.rect((0, 0, dice.randint(54, 74), 62), c.main).rect((0, 62, 100, 75), c.floor)
    c.rect((66, 20, 84, 27), c.second, 2).line([(84, 23), (90, 23), (90, 34), (76, 34), (76, 40)], c.dark, 1.2)
    c.rect((74.4, 40, 77.6, 54), c.dark, 1)
    c.rect((12, 54, 28, 68), c.light, 1).oval((12, 52, 28, 57), c.main)


def window(c: Canvas, dice: Dice) -> None:
    c.room(66)
    c.rect((22, 8, 78, 56), c.light, 1)
    for x in (25, 52):
        c.rect((x, 11, x + 23, 53), "#cfe6f2")
        c.shape([(x + 4, 53), (x + 16, 11), (x + 21, 11), (x + 9, 53)], "#e8f4fa")
    c.disc(dice.randint(32, 68), 20, 4, c.second).rect((18, 56, 82, 59), c.light, 0.6)
    c.rect((30, 48, 38, 56), c.main, 1).disc(34, 44, 5, "#6f8040")


def sofa(c: Canvas, dice: Dice) -> None:
    c.room(54)
    c.shadow(50, 68, 34).rect((18, 34, 82, 58), c.main, 4).rect((14, 42, 24, 66), c.main, 3)
    c.rect((76, 42, 86, 66), c.main, 3).rect((24, 50, 50, 62), c.second, 2).rect((50, 50, 76, 62), c.second, 2)
    c.rect((20, 66, 23, 70), c.dark).rect((77, 66, 80, 70), c.dark)
    c.rect((40, 10, 60, 26), c.light, 0.5).rect((42, 12, 58, 24), dice.pick([c.floor, c.second]))


def clean_floor(c: Canvas, dice: Dice) -> None:
    c.room(40)
    for n in range(6):
        c.shape([(n * 20 - 10, 75), (n * 17 + 2, 41), (n * 17 + 3, 41), (n * 20 - 8, 75)], c.wall)
    c.oval((62, 50, 82, 64), c.dark).oval((64, 49, 80, 60), c.main).line([(74, 52), (86, 20), (90, 10)], c.dark, 1.6)
    for x, y in ((24, 50), (40, 60), (30, 66)):
        c.line([(x, y - 3), (x, y + 3)], c.light, 0.9).line([(x - 3, y), (x + 3, y)], c.light, 0.9)


def bucket(c: Canvas, dice: Dice) -> None:
    c.room(52)
    c.shadow(42, 67, 16).shape([(28, 40), (56, 40), (52, 67), (32, 67)], c.main).oval((28, 36, 56, 44), c.light)
    c.arc((30, 20, 54, 58), 180, 360, c.dark, 1.2)
    for _ in range(9):
        c.disc(dice.uniform(32, 52), dice.uniform(28, 40), dice.uniform(1, 3.2), c.light)
    c.rect((66, 44, 78, 67), c.second, 2).rect((69, 36, 75, 45), c.dark, 1)


def washer(c: Canvas, dice: Dice) -> None:
    c.room(60)
    c.shadow(50, 68, 22).rect((30, 18, 70, 68), c.light, 2).rect((30, 18, 70, 28), c.floor, 2)
    c.disc(50, 47, 15, c.dark).disc(50, 47, 12.6, "#cfe6f2").slice((37.4, 34.4, 62.6, 59.6), 10, 170, c.main)
    c.disc(36, 23, 2, c.main).rect((54, 21.4, 66, 24.6), c.dark, 0.6)


def fridge(c: Canvas, dice: Dice) -> None:
    c.room(62)
    c.shadow(50, 70, 18).rect((34, 6, 66, 70), c.light, 2).rect((34, 28, 66, 28.8), c.floor)
    c.rect((37, 14, 38.4, 25), c.dark, 0.5).rect((37, 33, 38.4, 48), c.dark, 0.5)
    for _ in range(4):
        x, y = dice.uniform(44, 60), dice.uniform(34, 54)
        c.rect((x, y, x + 4, y + 4), dice.pick([c.main, c.second]), 0.4)


def conditioner(c: Canvas, dice: Dice) -> None:
    c.room(60)
    c.rect((22, 12, 78, 30), c.light, 3).rect((26, 25, 74, 27), c.floor, 0.6).disc(72, 17, 1, c.main)
    for x in (34, 50, 66):
        c.line([(x, 33), (x - 3, 38), (x + 2, 43), (x - 2, 48)], "#9cc4d8", 1)
    c.rect((30, 56, 70, 66), c.main, 3)
