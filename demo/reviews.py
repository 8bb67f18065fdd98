"""What the two sides say of each other after accepted work: from written parts, no two alike, fitting the stars and the work."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from demo.copying import save_rows
from demo.dice import Dice
from demo.people import Executor
from demo.tasks import Plan
from demo.texts import fitting, of_category, read
from marketplace.accounts.models import User
from marketplace.trust.models import CRITERIA, Review, ReviewWindow
from marketplace.trust.services import _text_key as text_key
from tasks_app.models import Assignment

_TRIES = 12
_AROUND = [0, 0, 0, 0, -1, 1]


class Reviewers:
    def __init__(self, dice: Dice, executors: dict[int, Executor], now: datetime) -> None:
        self.dice, self.executors, self.now = dice, executors, now
        self.blind = timedelta(days=settings.RULES["review_blind_days"])
        self.said: set[str] = set()
        self.told: dict[int, set[str]] = defaultdict(set)  # lines about one executor: they stand on one page

    def write(self, deals: list[tuple[Assignment, Plan]]) -> None:
        """`deals`: saved assignments with their plans; only the accepted ones are reviewed."""
        windows, reviews = [], []
        for deal, plan in deals:
            if deal.closed_at is None:
                continue
            window = ReviewWindow(
                assignment=deal,
                customer=deal.customer,
                executor=deal.executor,
                opened_at=deal.closed_at,
                closes_at=deal.closed_at + self.blind,
            )
            written = self._both(window, plan)
            windows.append(window)
            reviews += written
        reviews.sort(key=lambda review: review.written_at)
        save_rows(windows)
        save_rows(reviews)

    def _both(self, window: ReviewWindow, plan: Plan) -> list[Review]:
        executor = self.executors[window.executor_id]
        written = []
        if self.dice.chance(0.78):
            written.append(self._of_executor(window, plan, executor))
        if self.dice.chance(0.55):
            written.append(self._of_customer(window, plan, executor))
        written = [review for review in written if review.written_at <= self.now]
        if len(written) == 2:
            window.revealed_at = max(review.written_at for review in written)
        elif window.closes_at <= self.now:
            window.revealed_at = window.closes_at + timedelta(minutes=1)
        for review in written:
            review.revealed_at = window.revealed_at
            self._reply(review, executor)
        return written

    def _of_executor(self, window: ReviewWindow, plan: Plan, executor: Executor) -> Review:
        stars = self.dice.weighted(
            {
                5: 0.35 + 0.6 * executor.skill,
                4: 0.22,
                3: 0.16 * (1.1 - executor.skill),
                1: 0.12 * (1.05 - executor.skill),
            }
        )
        text = self._unlike_any(lambda: self._words_about_executor(plan, executor, stars))
        return self._review(window, window.customer, window.executor, Review.Role.EXECUTOR, plan, stars, text)

    def _words_about_executor(self, plan: Plan, executor: Executor, stars: int) -> str:
        dice, tone = self.dice, "good" if stars >= 4 else "fair" if stars == 3 else "bad"
        if plan.customer.english:
            return dice.say(dice.pick(read("reviews")["english"][tone]), work=plan.task.title)
        parts = read("reviews")["about_executor"][tone]
        remote, category = plan.task.is_remote, plan.task.category
        middle = (
            fitting(parts["middle_any"], remote=remote)
            if "middle_any" in parts
            else of_category(parts["middle"], category.slug, category.group.slug)
        )
        return dice.sentences(
            dice.pick(fitting(parts["start"], remote=remote)),
            *{dice.fresh(middle, self.told[executor.user.pk]): None for _ in range(dice.randint(1, 2))},
            dice.pick(fitting(parts["end"], remote=remote)),
            woman=executor.woman,
            other_woman=plan.customer.woman,
        )

    def _of_customer(self, window: ReviewWindow, plan: Plan, executor: Executor) -> Review:
        stars = self.dice.weighted({5: 0.8, 4: 0.12, 3: 0.05, 2: 0.03})
        tone = "good" if stars >= 4 else "fair" if stars == 3 else "bad"
        parts = read("reviews")["about_customer"]

        def words() -> str:
            told = fitting(parts[tone], remote=plan.task.is_remote)
            several = self.dice.sample(told, k=min(len(told), self.dice.randint(1, 2)))
            return self.dice.sentences(*several, self.dice.pick(parts["tail"]), woman=executor.woman)

        text = self._unlike_any(words)
        return self._review(window, window.executor, window.customer, Review.Role.CUSTOMER, plan, stars, text)

    def _unlike_any(self, words: Callable[[], str]) -> str:
        """Words nobody has said yet; when all of them are used up, only stars are left."""
        for _ in range(_TRIES):
            text = words()
            key = text_key(text)
            if key not in self.said:
                self.said.add(key)
                return text
        return ""

    def _review(
        self, window: ReviewWindow, author: User, about: User, role: str, plan: Plan, stars: int, text: str
    ) -> Review:
        return Review(
            window=window,
            author=author,
            about=about,
            about_role=role,
            category=plan.task.category,
            stars=stars,
            criteria={name: max(1, min(5, stars + self.dice.pick(_AROUND))) for name in CRITERIA},
            text=text,
            text_key=text_key(text),
            written_at=window.opened_at + self.dice.minutes(4, 4 * 1440),
        )

    def _reply(self, review: Review, executor: Executor) -> None:
        if review.revealed_at and review.text and review.about_role == "executor" and self.dice.chance(0.15):
            at = review.revealed_at + self.dice.minutes(20, 2 * 1440)
            if at <= self.now:
                line = self.dice.pick(
                    read("reviews")["replies"][:2] if review.stars >= 4 else read("reviews")["replies"][2:]
                )
                review.reply, review.replied_at = self.dice.say(line, woman=executor.woman), at
