"""What people are told about money by card. Each piece of news once, on the page and by e-mail."""

from typing import Any

from marketplace.kit.money import Money
from marketplace.notifications.services import notify
from payments.models import Entry, Intent


def money(value: Money) -> dict[str, Any]:
    return {"minor": value.minor, "currency": value.currency}


def topped_up(intent: Intent) -> None:
    """The receipt."""
    kind = "topped_up_automatically" if intent.kind == Intent.Kind.TOP_UP_AUTOMATIC else "topped_up"
    _tell(intent, kind, path=f"/wallet/top-up/{intent.pk}/")


def went_back(intent: Intent) -> None:
    _tell(intent, "top_up_went_back", path="/wallet/")


def did_not_go_back(intent: Intent) -> None:
    _tell(intent, "top_up_did_not_go_back", path="/wallet/")


def automatic_paused(*, user_id: int, reason: str, key: str) -> None:
    """`reason`: the source text of a sentence of ours; it is translated for the reader."""
    params = {"reason": {"msgid": reason}}
    notify(user_id=user_id, kind="automatic_top_up_paused", params=params, path="/wallet/automatic/", key=key)


def automatic_at_cap(*, user_id: int, cap: Money, month: str) -> None:
    notify(
        user_id=user_id,
        kind="automatic_top_up_at_cap",
        params={"cap": money(cap)},
        path="/wallet/automatic/",
        key=f"auto_cap:{month}",
    )


def charged_back(entry: Entry, *, user_id: int, amount: Money, owed: Money) -> None:
    kind = "charged_back_with_debt" if owed else "charged_back"
    params = {"amount": money(amount), "owed": money(owed)}
    notify(user_id=user_id, kind=kind, params=params, path="/wallet/", key=f"entry:{entry.pk}")


def chargeback_won(entry: Entry, *, user_id: int, amount: Money) -> None:
    params = {"amount": money(amount)}
    notify(user_id=user_id, kind="chargeback_won", params=params, path="/wallet/", key=f"entry:{entry.pk}")


def _tell(intent: Intent, kind: str, *, path: str) -> None:
    params = {"amount": money(intent.amount)}
    notify(user_id=intent.user_id, kind=kind, params=params, path=path, key=f"{kind}:{intent.pk}")
