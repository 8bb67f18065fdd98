"""What people of the demo world do and say makes sense: by day, in their own trade, of the work it is about."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from demo.answers import UNSAID, told_by
from demo.calendar import HOURS_OF_GROUP, ROUND_THE_CLOCK, USUAL_HOURS
from demo.texts import read
from demo.trades import TRADES
from marketplace.accounts.models import ExecutorProfile
from marketplace.chat.models import Message
from marketplace.trust.models import Review
from tasks_app.models import Assignment, Category, Response, Task

pytestmark = pytest.mark.django_db
in_the_world = pytest.mark.usefixtures("world")


def local(moment: datetime, task: Task) -> datetime:
    return moment.astimezone(ZoneInfo(task.city.time_zone))


def hours_of(task: Task) -> tuple[int, int]:
    return HOURS_OF_GROUP.get(task.category.group.slug, USUAL_HOURS)


def go_together(categories: set[str]) -> bool:
    """Whether one trade, or two neighbours, hold all of these."""
    return any(
        categories <= {*trade.categories, *(TRADES[other].categories if other else ())}
        for trade in TRADES.values()
        for other in (*trade.also, None)
    )


def by_day() -> list[Task]:
    """All but what goes on round the clock, and Marina, who is on her way whenever one looks."""
    tasks = Task.objects.select_related("category__group", "city").exclude(category__slug__in=ROUND_THE_CLOCK)
    return list(tasks.exclude(assignments__status="on_the_way", customer__phone="+79000000001"))


@in_the_world
def test_work_is_agreed_for_the_hours_in_which_such_work_is_done() -> None:
    odd = []
    for task in by_day():
        first, last = hours_of(task)
        if task.starts_at and not first <= local(task.starts_at, task).hour < last:
            odd.append((task.title, str(local(task.starts_at, task))))
    assert odd == []


@in_the_world
def test_work_begins_and_ends_by_day() -> None:
    tasks = {task.pk: task for task in by_day()}
    odd = []
    for deal in Assignment.objects.filter(task__in=tasks):
        task = tasks[deal.task_id]
        first, last = hours_of(task)
        for moment in filter(None, (deal.started_at, deal.done_at)):
            since = local(moment, task).replace(hour=first, minute=0, second=0)
            if not timedelta() <= local(moment, task) - since <= timedelta(hours=last - first, minutes=15):
                odd.append((task.title, str(local(moment, task))))
    assert odd == []


@in_the_world
def test_nobody_posts_or_chooses_in_the_small_hours() -> None:
    deals = Assignment.objects.select_related("task__city").exclude(customer__phone__startswith="+79000")
    assert not [deal for deal in deals if local(deal.chosen_at, deal.task).hour < 7]


@in_the_world
def test_hardly_anybody_writes_at_night() -> None:
    """But for whom the morning would have been too late."""
    messages = Message.objects.select_related("thread__response__task__city")
    hours = [local(message.at, message.thread.response.task).hour for message in messages]
    assert len(hours) > 50
    assert sum(hour < 7 for hour in hours) < 0.06 * len(hours)


@in_the_world
def test_everybody_works_in_one_trade_or_in_two_neighbours() -> None:
    people = ExecutorProfile.objects.filter(user__phone__startswith="+79001").prefetch_related("categories")
    odd = [{c.slug for c in one.categories.all()} for one in people]
    assert [slugs for slugs in odd if not go_together(slugs)] == []


def test_every_category_has_a_trade_and_the_trades_have_words() -> None:
    known = {slug for trade in TRADES.values() for slug in trade.categories}
    written = {slug for name in {trade.group for trade in TRADES.values()} for slug in read(f"tasks/{name}")}
    assert known == written
    about = read("executors")["about"]["trades"]
    assert {name for name in TRADES if len(about[name]) < 3} == set()
    assert not go_together({"handyman", "brows-and-lashes"})
    assert go_together({"handyman", "plumbing"})


def pattern(line: str) -> re.Pattern[str]:
    """All readings of a written part."""
    line = re.sub(r"[<{][^<>|{}]*\|[^<>|{}]*[>}]", "\x01", line)
    read_as = [
        f"(?:{'|'.join(re.escape(one) for one in part[1:-1].split('|'))})" if part.startswith("[") else re.escape(part)
        for part in re.split(r"(\[[^\]]*\])", line)
    ]
    return re.compile("".join(read_as).replace("\x01", ".{0,12}"), re.IGNORECASE)


@in_the_world
def test_a_review_speaks_of_its_own_category() -> None:
    middle = read("reviews")["about_executor"]["good"]["middle"]
    own = {c.slug: {c.slug, c.group.slug} for c in Category.objects.select_related("group")}
    lines = [(key, line, pattern(line)) for key, of_key in middle.items() for line in of_key]
    odd = []
    for review in Review.objects.filter(about_role="executor").exclude(text="").select_related("category"):
        mine = own[review.category.slug]
        allowed = {line for key, line, _pattern in lines if key in mine}
        odd += [
            (review.category.slug, key, review.text)
            for key, line, found in lines
            if key not in mine and line not in allowed and found.search(review.text)
        ]
    assert odd == []


@in_the_world
def test_answers_agree_with_the_details() -> None:
    told = read("answers")
    odd = []
    for task in Task.objects.select_related("category"):
        for key, answer in task.answers.items():
            said = told_by(told.get(task.category.slug, {}).get(key, {}), f"{task.title}. {task.details}")
            if said is not None and said != answer:
                odd.append((task.category.slug, key, answer, said, task.title, task.details))
    assert odd == []


def test_the_written_answers_are_answers_to_the_questions() -> None:
    from django.core.management import call_command

    from tasks_app.models import Question

    call_command("load_reference", verbosity=0)
    questions = {(q.category.slug, q.key): q for q in Question.objects.select_related("category")}
    for slug, of_category in read("answers").items():
        for key, patterns in of_category.items():
            question = questions[slug, key]
            kinds = {
                "choice": [option["key"] for option in question.options],
                "yes_no": ["yes", "no"],
            }.get(question.kind)
            for answer in patterns.values():
                fits = answer in kinds if kinds else isinstance(answer, int) or question.kind == "text" or answer == "#"
                assert fits or answer == UNSAID, (slug, key, answer)


@in_the_world
def test_responses_to_one_task_do_not_repeat_each_other() -> None:
    for task in Task.objects.filter(responses_count__gt=1, is_remote=False)[:200]:
        said = list(Response.objects.filter(task=task).values_list("message", flat=True))
        assert len(said) - len(set(said)) <= max(0, len(said) - 5), (task.title, said)


@in_the_world
def test_work_from_afar_speaks_of_no_doors_and_roads() -> None:
    afar = Message.objects.filter(thread__response__task__is_remote=True).values_list("text", flat=True)
    answers = Response.objects.filter(task__is_remote=True).values_list("message", flat=True)
    assert [text for text in (*afar, *answers) if re.search("домофон|навигатор|парковк|этаж|пропуск", text)] == []


@in_the_world
def test_reviews_and_messages_have_no_unread_grammar() -> None:
    texts = [*Review.objects.values_list("text", flat=True), *Message.objects.values_list("text", flat=True)]
    assert texts
    assert [text for text in texts if set("[]{}<>|") & set(text)] == []
