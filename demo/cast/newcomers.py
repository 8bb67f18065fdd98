"""Timur of the cast: a new executor in Kazan whose documents wait in the moderators' queue."""

from datetime import timedelta
from typing import TYPE_CHECKING

from demo.cast.people import meet
from demo.waiting import submit
from marketplace.accounts.services import AreaPoint, edit_executor_profile
from tasks_app.models import Category

if TYPE_CHECKING:
    from demo.cast.stage import Stage

_WORK = ["computer-help", "laptop-repair", "wifi-and-networks"]


def timur_waits(stage: "Stage") -> None:
    kazan = stage.world.places.towns["kazan"].city
    stage.to(timedelta(days=2))
    timur = meet("timur", moment=stage.world.moment, city_id=kazan.pk, days=2)
    edit_executor_profile(
        user=timur,
        about="Собираю и чиню компьютеры со школы, недавно окончил КАИ. Объясняю простыми словами, файлы сохраняю.",
        languages=["ru", "tt"],
        category_ids=list(Category.objects.filter(slug__in=_WORK).values_list("pk", flat=True)),
        points=[AreaPoint(kazan.centre.x, kazan.centre.y, 12_000, "Центр")],
    )
    stage.to(timedelta(hours=9))
    submit(stage.dice, timur, timur.name)
