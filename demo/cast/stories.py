"""What happened to Irina, Andrey and Marina, so that each page has something of theirs to show."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from demo.cast.company import Company, gather
from demo.cast.disputed import andrey_under_suspicion, somebody_appeals, wardrobe_start
from demo.cast.newcomers import timur_waits
from demo.cast.stage import Stage
from demo.replay import travelling
from demo.tracks import Tracks, Visit, away
from marketplace.accounts.models import User
from marketplace.notifications.models import Notification
from marketplace.trust import services as trust
from payments import services as payments
from tasks_app import services as tasks
from tasks_app.assignments.services import expire_task
from tasks_app.models import Assignment

if TYPE_CHECKING:
    from demo.build import World

_FIVE = {"quality": 5, "punctuality": 5, "politeness": 5, "price": 5}


def days(n: float) -> timedelta:
    return timedelta(days=n)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def perform(world: "World") -> None:
    with travelling() as travel:
        stage = Stage(world, travel)
        company = gather(stage)
        for executor in (company.andrey, company.marina):
            stage.fund(executor.user, 1500, gettext_noop("Welcome credit"), ago=days(40))
        _long_ago(stage, company)
        _statement_lines(stage, company)
        andrey_under_suspicion(stage, company)
        _wardrobe(stage, company)
        _windows(stage, company)
        _on_the_way(stage, company)
        _open_task(stage, company)
        _half_written(stage, company)
        timur_waits(stage)
        somebody_appeals(stage)
        _old_news_is_read(stage, company)


def _long_ago(stage: Stage, company: Company) -> None:
    """A finished deal with both reviews, three weeks ago."""
    irina, andrey = company.irina, company.andrey.user
    start = stage.last(11, ago=days(20))
    task = stage.post(irina, "handyman", "Повесить две полки и зеркало в коридоре",
                      "Стены бетонные, крепёж есть. Зеркало тяжёлое, лучше вдвоём на минуту.", "Покровка, 21",
                      ago=days(22), start=start, price=2500)  # fmt: skip
    response = stage.respond(
        task, andrey, "Здравствуйте, Ирина. Сделаю за час, перфоратор с пылесосом.", 2500, ago=days(21.985)
    )
    deal = stage.choose(response, ago=days(21.5))
    stage.work(deal, start=start, minutes=80)
    stage.accept(deal, ago=days(19.9))
    trust.write_review(assignment_id=deal.pk, by=irina, stars=5, criteria=_FIVE,
                       text="Полки висят ровно, пыли почти не осталось. Андрей объяснил, почему зеркало лучше чуть ниже, и был прав.")  # fmt: skip
    stage.to(days(19.5))
    trust.write_review(assignment_id=deal.pk, by=andrey, stars=5, criteria=_FIVE,
                       text="Ирина всё подготовила заранее, объяснила по домофону, как пройти. Работать приятно.")  # fmt: skip


def _statement_lines(stage: Stage, company: Company) -> None:
    """One line of each kind in Andrey's wallet, each with its reason."""
    andrey = company.andrey.user
    people = stage.customers(6)
    _expired(stage, andrey, people[0])
    _cancelled_before_the_choice(stage, andrey, people[1])
    _removed(stage, andrey, people[2])
    _never_opened(stage, andrey, people[3])
    _another_chosen(stage, andrey, people[4])
    _cancelled_deal(stage, andrey, people[5])


def _expired(stage: Stage, andrey: User, customer: User) -> None:
    task = stage.post(customer, "furniture-assembly", "Собрать комод и кровать", "Мебель в коробках, инструкции есть.",
                      "Ленинский проспект, 60", ago=days(13), start=stage.last(18, ago=days(11)), price=3500)  # fmt: skip
    stage.respond(task, andrey, "Добрый день. Соберу за вечер, инструмент свой.", 3500, ago=days(12.98))
    stage.to(days(11) - minutes(2))
    expire_task(task.pk)


def _cancelled_before_the_choice(stage: Stage, andrey: User, customer: User) -> None:
    task = stage.post(customer, "plumbing", "Заменить смеситель на кухне", "Смеситель куплен, воду перекрываем в квартире.",
                      "Первомайская улица, 44", ago=days(10), start=stage.last(15, ago=days(8)), price=2000)  # fmt: skip
    stage.respond(task, andrey, "Здравствуйте. Заменю за час, прокладки привезу.", 2000, ago=days(9.985))
    stage.to(days(9.5))
    tasks.cancel_task(task_id=task.pk, by=customer, reason="found_another")


def _removed(stage: Stage, andrey: User, customer: User) -> None:
    moderator = stage.world.staff.moderator
    task = stage.post(customer, "handyman", "Повесить карниз, срочно", "Такое же задание уже есть, это повтор.",
                      "улица Арбат, 30", ago=days(9), start=stage.last(17, ago=days(7)), price=1500)  # fmt: skip
    stage.respond(task, andrey, "Добрый день. Карниз повешу сегодня.", 1500, ago=days(8.985))
    stage.to(days(8.8))
    tasks.remove_task(task_id=task.pk, by=moderator, reason="duplicate")


def _never_opened(stage: Stage, andrey: User, customer: User) -> None:
    task = stage.post(customer, "electrical", "Перенести розетку в спальне", "Стена гипсокартон, нужно на полметра.",
                      "Большая Полянка, 15", ago=days(8), start=stage.last(12, ago=days(4)), price=2200)  # fmt: skip
    response = stage.respond(
        task, andrey, "Здравствуйте. Перенесу аккуратно, обои не пострадают.", 2200, ago=days(7.985)
    )
    stage.to(days(5.8))
    payments.refund_response_fee(response_id=response.pk, rule="unopened_48h")
    stage.to(days(4) - minutes(2))
    expire_task(task.pk)


def _another_chosen(stage: Stage, andrey: User, customer: User) -> None:
    start = stage.last(10, ago=days(5))
    for rival in stage.others("doors-windows-locks", 1):
        task = stage.post(customer, "doors-windows-locks", "Отрегулировать балконную дверь", "Задевает порог, дует.",
                          "Кутузовский проспект, 22", ago=days(7), start=start, price=1800)  # fmt: skip
        stage.respond(task, andrey, "Добрый день. Отрегулирую и смажу.", 1800, ago=days(6.985))
        chosen = stage.respond(task, rival.user, "Буду рядом, сделаю за полчаса.", 1600, ago=days(6.95))
        deal = stage.choose(chosen, ago=days(6.5))
        stage.work(deal, start=start, minutes=40)
        stage.accept(deal, ago=days(4.9))


def _cancelled_deal(stage: Stage, andrey: User, customer: User) -> None:
    task = stage.post(customer, "handyman", "Повесить телевизор на кронштейн", "Кронштейн есть, стена кирпичная, 55 дюймов.",
                      "проспект Мира, 74", ago=days(7.4), start=stage.last(16, ago=days(5.5)), price=2800)  # fmt: skip
    response = stage.respond(task, andrey, "Здравствуйте. Повешу и спрячу провода.", 2800, ago=days(7.385))
    deal = stage.choose(response, ago=days(7.1))
    stage.to(days(6.8))
    tasks.cancel_assignment(
        assignment_id=deal.pk, by=customer, reason="plans_changed", note="Телевизор пришлось вернуть."
    )
    stage.to(days(6.7))
    tasks.answer_cancellation(cancellation_id=deal.cancellation.pk, by=andrey, reason="agreed", at_fault="customer")
    stage.to(days(5.2))
    payments.pay_due_refunds()


def _wardrobe(stage: Stage, company: Company) -> None:
    """Done by Andrey today or yesterday; Irina has to accept it or say what is wrong."""
    irina, andrey = company.irina, company.andrey.user
    start = wardrobe_start(stage)
    task = stage.post(irina, "furniture-assembly", "Собрать шкаф-купе в спальне",
                      "Шкаф трёхдверный, в коробках. Одну боковину нужно подпилить под плинтус.", "Покровка, 21",
                      ago=days(2.4), start=start, price=4500)  # fmt: skip
    response = stage.respond(task, andrey, "Здравствуйте, Ирина. Снова я: соберу за три часа, боковину подпилю на месте.",
                             4500, ago=days(2.385))  # fmt: skip
    stage.say(response, [
        (irina, "Андрей, здравствуйте. Помните коридор с зеркалом?"),
        (andrey, "Помню, четвёртый подъездный звонок не работает. Приеду к назначенному времени."),
    ], ago=days(2.1))  # fmt: skip
    deal = stage.choose(response, ago=days(2))
    stage.work(deal, start=start, minutes=170)


def _windows(stage: Stage, company: Company) -> None:
    """Finished yesterday; Marina has written already, unseen until Irina does."""
    irina, marina = company.irina, company.marina.user
    start = stage.last(13, ago=days(1.4))
    task = stage.post(irina, "window-cleaning", "Помыть окна, шесть створок и балкон",
                      "Пятый этаж, все створки открываются. Стремянка есть.", "Покровка, 21",
                      ago=days(4), start=start, price=3200)  # fmt: skip
    response = stage.respond(
        task, marina, "Добрый день. Вымою за два часа вместе с рамами, средства привезу.", 3200, ago=days(3.985)
    )
    deal = stage.choose(response, ago=days(3.5))
    stage.work(deal, start=start, minutes=130)
    stage.accept(deal, ago=days(1.2))
    stage.to(days(1))
    trust.write_review(assignment_id=deal.pk, by=marina, stars=5, criteria=_FIVE,
                       text="Ирина встретила чаем, подоконники освободила заранее. Буду рада прийти ещё.")  # fmt: skip


def _on_the_way(stage: Stage, company: Company) -> None:
    """Marina is coming now, with her position on the map."""
    irina, marina = company.irina, company.marina
    task = stage.post(irina, "deep-cleaning", "Генеральная уборка двухкомнатной квартиры",
                      "Отмыть духовку, холодильник и вытяжку, окна не нужно. Живёт спокойная кошка.", "Покровка, 21",
                      ago=days(1.3), start=minutes(25), price=6000)  # fmt: skip
    response = stage.respond(
        task, marina.user, "Здравствуйте. Справлюсь за шесть часов, паровую швабру возьму.", 6000, ago=days(1.285)
    )
    deal = stage.choose(response, ago=hours(20))
    stage.to(minutes(16))
    tasks.set_on_the_way(assignment_id=deal.pk, by=marina.user)
    stage.say(response, [
        (marina.user, "Выехала, навигатор обещает полчаса."),
        (irina, "Хорошо, я дома. Кошку закрою в комнате, но она не против гостей."),
    ], ago=minutes(14))  # fmt: skip
    _coming(stage, company, deal)


def _coming(stage: Stage, company: Company, deal: Assignment) -> None:
    place = deal.task.point
    if place is None:
        return
    tracks = Tracks(stage.dice, stage.now)
    start = away(place, east=-5200, north=3100)
    left, arrive = stage.now - minutes(16), stage.now + minutes(14)
    tracks.walk(company.marina.user, [Visit(start, left - minutes(5), left), Visit(place, arrive, arrive + minutes(1))])
    tracks.save()


def _open_task(stage: Stage, company: Company) -> None:
    """Four responses to compare; two opened, one with a question, one with a hidden phone number."""
    irina, andrey = company.irina, company.andrey.user
    task = stage.post(irina, "electrical", "Повесить люстру и заменить две розетки",
                      "Потолок натяжной, закладная есть. Люстра в коробке, розетки купила.", "Покровка, 21",
                      ago=hours(9), start=stage.tomorrow_at(12), price=2800)  # fmt: skip
    mine = stage.respond(task, andrey, "Здравствуйте, Ирина. С натяжными работаю часто, термокольцо не поврежу. Займёт полтора часа.",
                         2800, ago=hours(8.7))  # fmt: skip
    stage.say(mine, [
        (irina, "Андрей, а розетки успеете за тот же визит?"),
        (andrey, "Да, это ещё минут двадцать. Цена та же."),
    ], ago=hours(6))  # fmt: skip
    messages = [
        ("Добрый день. Электрик с допуском, чек дам. Могу завтра в это время.", 3200),
        ("Здравствуйте. Сделаю за час, подрозетники привезу на всякий случай.", 2600),
        ("Добрый вечер. Готов, можно и раньше, если удобно.", 3000),
    ]
    rivals = stage.others("electrical", 3)
    answers = [
        stage.respond(task, rival.user, message, price, ago=hours(8.4 - 2 * n))
        for n, (rival, (message, price)) in enumerate(zip(rivals, messages, strict=False))
    ]
    if answers:
        stage.to(hours(3))
        tasks.open_response(response_id=answers[0].pk, by=irina)
        stage.say(answers[0], [
            (rivals[0].user, "Ирина, напишите мне лучше в телеграм @elektrik_msk или +7 916 000-11-22"),
            (irina, "Давайте здесь, пожалуйста."),
        ], ago=hours(2.5))  # fmt: skip


def _half_written(stage: Stage, company: Company) -> None:
    """A draft that waits to be finished."""
    stage.to(hours(30))
    draft = tasks.start_draft(owner=company.irina)
    tasks.save_part(draft=draft, part="category", values={"category": "upholstery-cleaning"})
    tasks.save_part(draft=draft, part="questions", values={"item": "sofa", "seats": "3"})
    tasks.save_part(
        draft=draft, part="details", values={"title": "Почистить диван после кота", "details": "Велюр, светлый."}
    )


def _old_news_is_read(stage: Stage, company: Company) -> None:
    people = [company.irina, company.andrey.user, company.marina.user]
    old = Notification.objects.filter(user__in=people, created_at__lt=stage.now - days(1))
    old.update(read_at=stage.now - hours(20))
