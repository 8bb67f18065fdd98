"""Signals as sentences, in the reader's language."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Params = dict[str, Any]


def sentence(kind: str, params: Params) -> str:
    """An empty sentence for a kind that says nothing by itself (presence stands in the evidence)."""
    return _SENTENCES[kind](params) if kind in _SENTENCES else ""


def measure_name(name: str) -> str:
    names = {
        "cancelled": _("deals cancelled after the choice"),
        "one_customer": _("cancellations with one and the same customer"),
        "contacts": _("conversations with a hidden contact"),
        "quick": _("cancelled within two hours of the choice"),
    }
    return names.get(name, name)


def _contacts(params: Params) -> str:
    text = ngettext(
        "%(count)s contact was hidden in their conversation before the deal",
        "%(count)s contacts were hidden in their conversation before the deal",
        params["count"],
    )
    return text % params


def _repeated_review(params: Params) -> str:
    if params.get("others"):
        text = ngettext(
            "The same review text was written by %(others)s other person too",
            "The same review text was written by %(others)s other people too",
            params["others"],
        )
        return text % params
    return _("Wrote the same review text before")


def _shared_device(params: Params) -> str:
    if params["what"] == "browser":
        return _("Signs in from the same address and browser as %(other)s") % params
    return _("Reported positions from the same device as %(other)s") % params


def _refunds(params: Params) -> str:
    return _("%(refunded)s of %(paid)s paid responses of 90 days were refunded") % params


def _fake_tasks(params: Params) -> str:
    text = _("Posted %(tasks)s tasks in 90 days with %(responses)s paid responses and chose nobody")
    return text % params


def _reposted(params: Params) -> str:
    return _(
        "The customer posted the same task again %(hours)s h after the cancellation: still looking for somebody"
    ) % (params)


def _pair(params: Params) -> str:
    return _("%(cancelled)s of %(deals)s deals of these two were cancelled") % params


def unusual_parts(params: Params) -> str:
    """In what somebody differs, without saying once more that they do: for a list of such people."""
    parts = [
        _("%(name)s: %(own)s %% (usually %(usual)s %%)")
        % {"name": measure_name(part["name"]), "own": part["own"], "usual": part["usual"]}
        for part in params["parts"]
    ]
    return "; ".join(parts)


def _unusual(params: Params) -> str:
    return _("Unlike others: %(parts)s") % {"parts": unusual_parts(params)}


_SENTENCES: dict[str, Callable[[Params], str]] = {
    "contacts": _contacts,
    "repeated_review": _repeated_review,
    "shared_device": _shared_device,
    "refunds": _refunds,
    "fake_tasks": _fake_tasks,
    "reposted": _reposted,
    "pair": _pair,
    "unusual": _unusual,
}
