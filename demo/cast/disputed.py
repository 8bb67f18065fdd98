"""Two cancelled deals of Andrey's: one decided against him, which he may appeal; one that waits for a moderator, with the fee held."""

from datetime import timedelta
from typing import TYPE_CHECKING

from demo.tracks import Tracks, away, ordinary_day, trip
from fraud import services as fraud
from fraud.models import Case, Evidence
from marketplace.accounts.models import User
from tasks_app import services as tasks
from tasks_app.models import Assignment, Task

if TYPE_CHECKING:
    from demo.cast.company import Company
    from demo.cast.stage import Stage

_RIDE = timedelta(minutes=25)


def andrey_under_suspicion(stage: "Stage", company: "Company") -> None:
    first, second = stage.customers(2)
    start = stage.last(14, ago=timedelta(days=4.2))
    decided = _deal(stage, company, first, "Повесить люстру в гостиной", "улица Усачёва, 19", start=start)
    start_now = stage.last(10, ago=timedelta(hours=5) - wardrobe_start(stage))
    waiting = _deal(stage, company, second, "Заменить три розетки на кухне", "Большая Никитская, 33", start=start_now)
    _walk(stage, company, [(decided, start, 0.95), (waiting, start_now, 0.75)])

    case = _cancelled(stage, decided, start=start, reason="plans_changed")
    if case is not None:
        moderator = stage.world.staff.moderator
        stage.to(timedelta(days=2.5))
        fraud.take_case(case_id=case.pk, by=moderator)
        fraud.decide_case(
            case_id=case.pk, by=moderator, outcome="confirmed", keep_fee=case.holds_refund,
            reason="После отмены вы были у адреса задания почти всё обычное время такой работы, на другие дни вас там нет. "
                   "Объяснения в чате нет, поэтому плата за отклик не возвращается.",
        )  # fmt: skip
    _cancelled(stage, waiting, start=start_now, reason="agreed")


def wardrobe_start(stage: "Stage") -> timedelta:
    """When Andrey assembled Irina's wardrobe: the other deal of these days is before it."""
    hour = (stage.now - timedelta(hours=4)).astimezone(stage.world.places.towns["moscow"].zone).hour
    return stage.last(hour if 9 <= hour <= 16 else 16, ago=timedelta(hours=4))


def _deal(
    stage: "Stage", company: "Company", customer: User, title: str, address: str, *, start: timedelta
) -> Assignment:
    task: Task = stage.post(customer, "electrical", title, "Всё куплено, нужен мастер на час-полтора.", address,
                            ago=-start + timedelta(days=1), start=start, price=2400)  # fmt: skip
    response = stage.respond(task, company.andrey.user, "Добрый день. Сделаю за час, инструмент свой.", 2400,
                             ago=-start + timedelta(hours=23.6))  # fmt: skip
    return stage.choose(response, ago=-start + timedelta(hours=16))


def _walk(stage: "Stage", company: "Company", deals: list[tuple[Assignment, timedelta, float]]) -> None:
    tracks, dice, home = Tracks(stage.dice, stage.now), stage.dice, company.andrey.home.point
    for deal, start, share in deals:
        if deal.task.point is None:
            continue
        arrive = stage.now + start + timedelta(minutes=6)
        stay = timedelta(minutes=deal.task.category.default_minutes) * share
        tracks.walk(company.andrey.user, trip(home, away(deal.task.point, east=9), arrive, arrive + stay, ride=_RIDE))
    for back in range(1, 14):
        somewhere = away(home, east=dice.uniform(-3000, 3000), north=dice.uniform(1500, 4000))
        day = stage.now - timedelta(days=back)
        tracks.walk(company.andrey.user, list(ordinary_day(dice, home, somewhere, day)))
    tracks.save()


def _cancelled(stage: "Stage", deal: Assignment, *, start: timedelta, reason: str) -> Case | None:
    stage.to(-start + timedelta(minutes=35))
    cancellation = tasks.cancel_assignment(assignment_id=deal.pk, by=deal.customer, reason=reason)
    stage.to(-start + timedelta(minutes=20))
    tasks.answer_cancellation(cancellation_id=cancellation.pk, by=deal.executor, reason="agreed", at_fault="nobody")
    for row in Evidence.objects.filter(cancellation_id=cancellation.pk).order_by("due_at"):
        if row.due_at <= stage.now:
            stage.to(stage.now - row.due_at)
            fraud.collect_evidence(cancellation_id=cancellation.pk, moment=row.moment)
    return Case.objects.filter(cancellation_id=cancellation.pk).first()


def somebody_appeals(stage: "Stage") -> None:
    """An executor of the world objects to Olga's latest decision; Sergey is to look at it."""
    moderator = stage.world.staff.moderator
    case = (
        Case.objects.filter(outcome="confirmed", decisions__by=moderator, closed_at__gt=stage.now - timedelta(days=13))
        .exclude(executor__phone="+79000000002")
        .order_by("-closed_at")
        .first()
    )
    if case is None:
        return
    stage.to(timedelta(hours=5))
    fraud.appeal_case(
        case_id=case.pk,
        by=case.executor,
        text="Это соседний подъезд: там живёт моя сестра, у неё и было дело. Заказчик отменил сам, к нему никто не "
        "поднимался. Прошу посмотреть ещё раз.",
    )
