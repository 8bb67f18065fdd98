"""The story of a deal as a list of moments, the coming one last."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from frontend import words
from tasks_app.models import Assignment
from tasks_app.selectors import reason_text


@dataclass(frozen=True, slots=True)
class Moment:
    """`kind`: waiting, bad or nothing (it has happened)."""

    title: str
    when: str = ""
    kind: str = ""
    note: str = ""


def timeline(deal: Assignment, zone: str) -> list[Moment]:
    told = [
        _told(event.entered, event.reason, words.moment(event.at, zone), event.note)
        for event in deal.events.all()
        if (event.entered, event.reason) != ("started", "took_place")  # nobody knows when it began
    ]
    waiting = _waiting(deal, zone)
    return [*told, waiting] if waiting else told


def _told(entered: str, reason: str, when: str, note: str) -> Moment:
    titles = {
        "assigned": _("Agreed"),
        "on_the_way": _("The executor set off"),
        "started": _("The work started"),
        "done": _("The executor called the work done"),
        "accepted": _("The work is accepted"),
        "disputed": _("The customer disputes the work"),
        "cancelled": _("The deal is cancelled"),
    }
    if entered == "accepted":
        ended = {
            "time_passed": _("Accepted: nobody objected in time"),
            "moderator": _("A moderator settled the dispute"),
            "part_agreed": _("You agreed on a part of the price"),
            "money_too_old": _("The money could not be held any longer"),
        }
        return Moment(ended.get(reason, titles[entered]), when, "", note)
    if (entered, reason) == ("done", "counted_as_done"):
        return Moment(_("Counts as done: nobody said how it ended"), when)
    if entered == "cancelled":
        said = {
            "dispute": _("By a moderator's decision"),
            "lapsed": _("Neither side said that it took place"),
            "money_too_old": _("The money could not be held any longer"),
            "dispute_undecided": _("The dispute was not decided in time"),
        }.get(reason) or reason_text(reason)
        return Moment(titles[entered], when, "bad", said)
    return Moment(titles[entered], when, "bad" if entered == "disputed" else "", note)


def _waiting(deal: Assignment, zone: str) -> Moment | None:
    window = words.window(deal.window_start, deal.window_end, zone)
    if deal.status == "assigned":
        return Moment(_("The executor comes"), window, "waiting")
    if deal.status in ("on_the_way", "started"):
        return Moment(_("Done"), "", "waiting")
    if deal.status == "done" and deal.accept_by:
        when = words.moment(deal.accept_by, zone)
        return Moment(_("Accepted by itself, if nobody objects"), when, "waiting")
    if deal.status == "disputed":
        when = words.moment(deal.dispute_due_at, zone) if deal.dispute_due_at else ""
        return Moment(_("You settle it, or a moderator decides"), when, "waiting")
    return None
