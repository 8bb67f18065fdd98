"""Connect onboarding: who the executor is, where to pay them; then a short check. And their small dashboard."""

import json
import re

from payments.simulator import funds
from payments.simulator.calls import Call
from payments.simulator.pages.site import Page, Visit, money, not_found, redirect, view
from payments.simulator.pages.words import WORDS
from payments.simulator.resources.accounts import told
from payments.simulator.resources.connect_states import add_bank_account, refresh
from payments.simulator.schedule import job
from payments.simulator.shapes import Obj

CHECKED_AFTER = 3
DOCUMENT = "individual.verification.document"
UNVERIFIABLE = (1902, 1, 1)
"""The documented birth date that fails verification."""


@view("/setup/e/{id}/{token}")
def onboarding(visit: Visit) -> Page:
    call = visit.call
    account = call.store.find(visit.parts["id"], "account")
    link = call.store.find(f"link_{visit.parts['token']}", "_account_link")
    if account is None or link is None or link["account"] != account["id"]:
        return not_found(visit)
    if link["used"] or link["expires_at"] < call.now:
        return redirect(link["refresh_url"])
    if visit.request.method != "POST":
        return _form(visit, account, link)
    problem = _problem(visit, account)
    if problem:
        return _form(visit, account, link, problem)
    if visit.sent.get("do") != "later":
        submit(call, account, visit.sent)
        call.save(link | {"used": True})
    return redirect(link["return_url"])


def _form(visit: Visit, account: Obj, link: Obj, error: str = "") -> Page:
    known, sent = account["_individual"], visit.sent
    language = visit.language(None)
    return visit.render(
        "onboarding.html", language, status=400 if error else 200, error=WORDS[language][error] if error else "", account=account,
        ask_document=DOCUMENT in account["_missing"], ask_person=account["_missing"] != [DOCUMENT], back=link["return_url"],
        first_name=sent.get("first_name", known.get("first_name", "")), last_name=sent.get("last_name", known.get("last_name", "")),
        birth=sent.get("birth", ""), phone=sent.get("phone", known.get("phone", "")), bank=sent.get("bank", ""),
        work=sent.get("work", account["business_profile"]["product_description"] or ""),
    )  # fmt: skip


def _problem(visit: Visit, account: Obj) -> str:
    sent = visit.sent
    if sent.get("do") == "later" or account["_missing"] == [DOCUMENT]:
        return ""
    if not all(sent.get(name, "").strip() for name in ("first_name", "last_name", "phone", "work")):
        return "fill_in"
    if _birth(sent.get("birth", "")) is None:
        return "bad_birth"
    return "" if re.fullmatch(r"[A-Z]{0,2}\d{6,34}", sent.get("bank", "").replace(" ", "")) else "bad_bank"


def _birth(text: str) -> tuple[int, int, int] | None:
    """A date as the browser's field sends it, or as people write it."""
    iso, local = (
        re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text.strip()),
        re.fullmatch(r"(\d\d)\.(\d\d)\.(\d{4})", text.strip()),
    )
    if iso:
        return int(iso[1]), int(iso[2]), int(iso[3])
    return (int(local[3]), int(local[2]), int(local[1])) if local else None


def submit(call: Call, account: Obj, sent: dict[str, str]) -> None:
    """What the person filled in; the check follows by itself."""
    before = json.loads(json.dumps(account))
    if account["_missing"] == [DOCUMENT]:
        account["_document"] = sent.get("document", "valid")
    else:
        year, month, day = _birth(sent["birth"]) or (1990, 1, 1)
        account["_individual"] |= {
            "first_name": sent["first_name"], "last_name": sent["last_name"], "phone": sent["phone"], "dob": {"day": day, "month": month, "year": year},
        }  # fmt: skip
        account["_document"] = "unreadable" if (year, month, day) == UNVERIFIABLE else "valid"
        account["business_profile"]["product_description"] = sent["work"]
        account["business_type"] = account["business_type"] or "individual"
        account["tos_acceptance"] = {"date": call.now, "ip": "127.0.0.1", "user_agent": None}
        add_bank_account(account, sent["bank"].replace(" ", ""), f"{sent['first_name']} {sent['last_name']}")
    account |= {"details_submitted": True, "_missing": [], "_checking": [DOCUMENT]}
    refresh(account)
    told(call, account, before)
    call.later(call.now + int(call.store.setting("checked_after", str(CHECKED_AFTER))), "check_account", account["id"])


@job("check_account")
def _check(call: Call, id: str) -> None:
    account = call.store.find(id, "account")
    if account is None or not account["_checking"]:
        return
    before = json.loads(json.dumps(account))
    account |= {"_checking": [], "_missing": [DOCUMENT] if account.get("_document") == "unreadable" else []}
    refresh(account)
    told(call, account, before)


def restrict(call: Call, account: Obj, reason: str | None) -> None:
    """As when Stripe stops an account: a document is missing, or a reason of theirs; None lifts it."""
    before = json.loads(json.dumps(account))
    if reason is None:
        account |= {"_disabled": None, "_missing": [], "_checking": []}
    elif reason == "document":
        account["_missing"] = [DOCUMENT]
    else:
        account["_disabled"] = reason
    refresh(account)
    told(call, account, before)


@view("/express/{id}/{token}")
def dashboard(visit: Visit) -> Page:
    account = visit.call.store.find(visit.parts["id"], "account")
    if account is None or account.get("_dashboard") != visit.parts["token"]:
        return not_found(visit)
    language = visit.language(None)
    call = visit.call
    rows = [
        (currency, *funds.balance_of(call, account["id"], currency))
        for currency in funds.currencies(call, account["id"])
    ]
    payouts = call.store.select("payout", account=account["id"])
    return visit.render(
        "dashboard.html", language, name=" ".join(account["_individual"].get(part, "") for part in ("first_name", "last_name")),
        balances=[{"available": money(available, currency, language), "pending": money(pending, currency, language)} for currency, available, pending in rows],
        payouts=[
            {"amount": money(payout["amount"], payout["currency"], language), "state": WORDS[language][f"payout_{payout['status']}"]}
            for payout in reversed(payouts[-10:])
        ],
    )  # fmt: skip
