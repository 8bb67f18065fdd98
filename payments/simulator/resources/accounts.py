"""Connect accounts: made by the platform, filled in by their owner on the onboarding page, checked, able to be paid."""

import json

from payments.simulator.calls import Call, changed, merged, present
from payments.simulator.errors import Refusal, missing
from payments.simulator.funds import balance_of, currencies
from payments.simulator.listing import page
from payments.simulator.resources.connect_states import account_document, give_requirements, refresh
from payments.simulator.routes import operation
from payments.simulator.shapes import Obj, listing, random_text
from payments.simulator.spec import (
    ADDRESS,
    COUNT,
    FLAG,
    METADATA,
    NOTHING,
    POSITIVE,
    SPAN,
    TEXT,
    Enum,
    Hash,
    Kind,
    Str,
    Unset,
    accepts,
    pages,
)  # fmt: skip

REQUESTED = Hash({"requested": FLAG})
SCHEDULE = Hash(
    {
        "interval": Enum(("daily", "manual", "weekly", "monthly")),
        "weekly_anchor": TEXT,
        "monthly_anchor": POSITIVE,
        "delay_days": COUNT,
    }
)
INDIVIDUAL = Hash({
    "first_name": TEXT, "last_name": TEXT, "email": TEXT, "phone": TEXT, "address": ADDRESS,
    "dob": Hash({"day": POSITIVE, "month": POSITIVE, "year": POSITIVE}),
})  # fmt: skip
PROFILE = ("mcc", "name", "product_description", "support_email", "support_phone", "support_url", "url")
FIELDS: dict[str, Kind] = {
    "business_profile": Hash(dict.fromkeys(PROFILE, Unset(TEXT))),
    "business_type": Enum(("company", "individual", "non_profit", "government_entity")),
    "capabilities": Hash({"card_payments": REQUESTED, "transfers": REQUESTED}), "default_currency": Str(3), "email": TEXT,
    "individual": INDIVIDUAL, "metadata": METADATA,
    "settings": Hash({"payouts": Hash({"schedule": SCHEDULE, "statement_descriptor": TEXT, "debit_negative_balances": FLAG})}),
}  # fmt: skip
CONTROLLER = Hash({
    "fees": Hash({"payer": Enum(("account", "application"))}), "losses": Hash({"payments": Enum(("application", "stripe"))}),
    "requirement_collection": Enum(("stripe",)), "stripe_dashboard": Hash({"type": Enum(("express", "full", "none"))}),
})  # fmt: skip


@operation(
    "POST", "/v1/accounts", accepts(**FIELDS, type=Enum(("express", "standard")), controller=CONTROLLER, country=Str(2))
)
def create(call: Call) -> Obj:
    given = call.params
    if "type" in given and "controller" in given:
        raise Refusal("You may not specify the `type` parameter and `controller` parameters at the same time.")
    account = account_document(call, given)
    _apply(account, given)
    give_requirements(account)
    call.add(account)
    return account


def _apply(account: Obj, given: Obj) -> None:
    for name in ("business_type", "email", "default_currency"):
        if name in given:
            account[name] = given[name]
    account["business_profile"] = account["business_profile"] | given.get("business_profile", {})
    account["_individual"] = account["_individual"] | given.get("individual", {})
    for name, wish in given.get("capabilities", {}).items():
        if wish.get("requested"):
            account["capabilities"].setdefault(name, "inactive")
        else:
            account["capabilities"].pop(name, None)
    payouts = given.get("settings", {}).get("payouts", {})
    mine = account["settings"]["payouts"]
    mine["schedule"] = mine["schedule"] | payouts.get("schedule", {})
    mine.update({name: value for name, value in payouts.items() if name != "schedule"})
    if "metadata" in given:
        account["metadata"] = merged(account["metadata"], given["metadata"])


def told(call: Call, account: Obj, before: Obj) -> Obj:
    """Keep a changed account and tell of it, as an event of that account."""
    difference = changed(before, account)
    if difference:
        call.save(account)
        outer, call.account = call.account, account["id"]
        call.emit("account.updated", account, present(difference))
        call.account = outer
    return account


@operation("GET", "/v1/account", accepts())
def retrieve_own(call: Call) -> Obj:
    """The account of the key: the platform, or the one that the header names."""
    if call.account:
        found = call.store.find(call.account, "account")
        if found:
            return found
    platform = account_document(call, {"country": "US", "type": "standard", "default_currency": "usd"})
    ready = {"id": "acct_platform", "charges_enabled": True, "details_submitted": True, "payouts_enabled": True}
    return platform | ready


@operation("GET", "/v1/accounts/{id}", accepts())
def retrieve(call: Call) -> Obj:
    return _account(call)


def _account(call: Call) -> Obj:
    found = call.store.find(call.ids["id"], "account")
    if found is None or found.get("_deleted"):
        text = f"The provided key does not have access to account '{call.ids['id']}' (or that account does not exist). Application access may have been revoked."
        raise Refusal(text, status=403, code="account_invalid")
    return found


@operation("POST", "/v1/accounts/{id}", accepts(**FIELDS))
def modify(call: Call) -> Obj:
    account = _account(call)
    before = json.loads(json.dumps(account))
    _apply(account, call.params)
    refresh(account)
    return told(call, account, before)


@operation("DELETE", "/v1/accounts/{id}", NOTHING)
def delete(call: Call) -> Obj:
    account = _account(call)
    if any(sum(balance_of(call, account["id"], currency)) for currency in currencies(call, account["id"])):
        raise Refusal("This account cannot be deleted because its balance is not zero.", code="account_invalid")
    call.save(account | {"_deleted": True})
    return {"id": account["id"], "object": "account", "deleted": True}


@operation(
    "POST", "/v1/accounts/{id}/reject", accepts(("reason",), reason=Enum(("fraud", "terms_of_service", "other")))
)
def reject(call: Call) -> Obj:
    account = _account(call)
    before = json.loads(json.dumps(account))
    account["_disabled"] = f"rejected.{call.params['reason']}"
    refresh(account)
    return told(call, account, before)


@operation("GET", "/v1/accounts", pages(created=SPAN))
def list_all(call: Call) -> Obj:
    return page(call, "account", where="doc ->> '$._deleted' IS NULL")


@operation("GET", "/v1/accounts/{id}/external_accounts", pages(object=Enum(("bank_account", "card"))))
def list_external(call: Call) -> Obj:
    return listing(_account(call)["external_accounts"]["data"], call.path)


@operation(
    "POST", "/v1/account_links",
    accepts(
        ("account", "type"), account=TEXT, type=Enum(("account_onboarding", "account_update")), return_url=TEXT, refresh_url=TEXT,
        collection_options=Hash({"fields": Enum(("currently_due", "eventually_due")), "future_requirements": Enum(("include", "omit"))}),
    ),
)  # fmt: skip
def create_link(call: Call) -> Obj:
    given = call.params
    account = call.store.find(given["account"], "account")
    if account is None or account.get("_deleted"):
        raise missing("account", given["account"], param="account", in_path=False)
    for name in ("return_url", "refresh_url"):
        if not given.get(name, "").startswith(("http://", "https://")):
            raise Refusal("Not a valid URL", code="url_invalid", param=name)
    token = random_text(24)
    call.add({
        "id": f"link_{token}", "object": "_account_link", "created": call.now, "account": account["id"], "expires_at": call.now + 300,
        "return_url": given["return_url"], "refresh_url": given["refresh_url"], "used": False,
    })  # fmt: skip
    return {
        "object": "account_link",
        "created": call.now,
        "expires_at": call.now + 300,
        "url": f"{call.base}/setup/e/{account['id']}/{token}",
    }


@operation("POST", "/v1/accounts/{id}/login_links", accepts())
def create_login_link(call: Call) -> Obj:
    account = _account(call)
    if not account["details_submitted"]:
        text = "Cannot create a login link for an account that has not completed onboarding."
        raise Refusal(text)
    token = account.setdefault("_dashboard", random_text(24))
    call.save(account)
    return {"object": "login_link", "created": call.now, "url": f"{call.base}/express/{account['id']}/{token}"}
