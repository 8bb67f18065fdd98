"""The states of a connected account: incomplete → being checked → able to be paid; and restricted, by what is missing."""

from payments.simulator.calls import Call
from payments.simulator.shapes import Obj, new_id, random_text

CURRENCIES = {"RU": "rub", "KZ": "kzt", "US": "usd", "GB": "gbp", "BY": "byn", "UZ": "uzs", "AM": "amd"}
ASKED = (
    "business_profile.product_description", "external_account", "individual.dob.day", "individual.dob.month", "individual.dob.year",
    "individual.first_name", "individual.last_name", "individual.phone", "tos_acceptance.date", "tos_acceptance.ip",
)  # fmt: skip
BANKS_THAT_FAIL = {
    "000111111116": "no_account", "000111111113": "account_closed", "000222222227": "insufficient_funds",
    "000333333335": "debit_not_authorized", "000444444440": "invalid_currency",
}  # fmt: skip
FAILURES = {
    "no_account": "The bank account details on file are probably incorrect. No bank account could be located with those details.",
    "account_closed": "The bank account has been closed.",
    "insufficient_funds": "Your Stripe account has insufficient funds to cover the payout.",
    "debit_not_authorized": "Debit transactions are not approved on your bank account.",
    "invalid_currency": "The bank was unable to process this payout because of its currency.",
    "could_not_process": "The bank was unable to process this payout.",
}
EMPTY_REQUIREMENTS: Obj = {
    "alternatives": [], "current_deadline": None, "currently_due": [], "disabled_reason": None, "errors": [], "eventually_due": [],
    "past_due": [], "pending_verification": [],
}  # fmt: skip


def account_document(call: Call, given: Obj) -> Obj:
    """An account that knows nothing of its owner yet."""
    country = given.get("country", "US").upper()
    wanted = given.get("controller", {})
    dashboard = wanted.get("stripe_dashboard", {}).get("type", "full" if given.get("type") == "standard" else "express")
    controller = {
        "fees": wanted.get("fees") or {"payer": "application"}, "is_controller": True, "losses": wanted.get("losses") or {"payments": "application"},
        "requirement_collection": "stripe", "stripe_dashboard": {"type": dashboard}, "type": "application",
    }  # fmt: skip
    account: Obj = call.new(
        "account", "acct",
        business_profile={
            "annual_revenue": None, "estimated_worker_count": None, "mcc": None, "minority_owned_business_designation": None, "name": None,
            "product_description": None, "support_address": None, "support_email": None, "support_phone": None, "support_url": None, "url": None,
        },
        business_type=None, capabilities={}, charges_enabled=False, controller=controller, country=country,
        default_currency=CURRENCIES.get(country, "eur"), details_submitted=False, email=None,
        external_accounts={"object": "list", "data": [], "has_more": False, "url": ""}, future_requirements=dict(EMPTY_REQUIREMENTS),
        groups={"payments_pricing": None}, payouts_enabled=False, requirements=dict(EMPTY_REQUIREMENTS), settings=_settings(),
        tos_acceptance={"date": None, "ip": None, "user_agent": None}, type="express" if dashboard == "express" else "standard" if dashboard == "full" else "none",
        _individual={}, _disabled=None, _missing=list(ASKED), _checking=[],
    )  # fmt: skip
    del account["livemode"]
    account["id"] = f"acct_1{random_text(15)}"
    account["external_accounts"]["url"] = f"/v1/accounts/{account['id']}/external_accounts"
    return account


def _settings() -> Obj:
    return {
        "bacs_debit_payments": {"display_name": None, "service_user_number": None},
        "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
        "card_issuing": {"tos_acceptance": {"date": None, "ip": None}},
        "card_payments": {"decline_on": {"avs_failure": False, "cvc_failure": False}, "statement_descriptor_prefix": None, "statement_descriptor_prefix_kana": None, "statement_descriptor_prefix_kanji": None},
        "dashboard": {"display_name": None, "timezone": "Etc/UTC"},
        "invoices": {"default_account_tax_ids": None, "hosted_payment_method_save": "offer"},
        "payments": {"statement_descriptor": None, "statement_descriptor_kana": None, "statement_descriptor_kanji": None},
        "payouts": {"debit_negative_balances": True, "schedule": {"delay_days": 2, "interval": "daily"}, "statement_descriptor": None},
        "sepa_debit_payments": {},
    }  # fmt: skip


def give_requirements(account: Obj) -> None:
    known = account["_individual"]
    have = {f"individual.{name}" for name in known} | {f"individual.dob.{name}" for name in known.get("dob", {})}
    if account["business_profile"]["product_description"]:
        have.add("business_profile.product_description")
    account["_missing"] = [name for name in ASKED if name not in have]
    refresh(account)


def refresh(account: Obj) -> None:
    """What the account may do follows from what is missing, being checked, or forbidden."""
    lacking, checking, disabled = account["_missing"], account["_checking"], account["_disabled"]
    able = account["details_submitted"] and not lacking and not checking and not disabled
    reason = disabled or (
        "requirements.past_due" if lacking else "requirements.pending_verification" if checking else None
    )
    account["requirements"] = EMPTY_REQUIREMENTS | {
        "currently_due": list(lacking), "eventually_due": list(lacking), "past_due": list(lacking),
        "pending_verification": list(checking), "disabled_reason": reason,
        "errors": [
            {"code": "verification_failed_other", "reason": "The document could not be verified.", "requirement": name}
            for name in lacking if name == "individual.verification.document"
        ],
    }  # fmt: skip
    account |= {"charges_enabled": able and "card_payments" in account["capabilities"], "payouts_enabled": able}
    state = "active" if able else "pending" if checking and not lacking and not disabled else "inactive"
    account["capabilities"] = dict.fromkeys(account["capabilities"], state)


def add_bank_account(account: Obj, number: str, holder: str) -> None:
    """Where payouts go; the last one given is the default."""
    bank = {
        "id": new_id("ba"), "object": "bank_account", "account": account["id"], "account_holder_name": holder, "account_holder_type": "individual",
        "account_type": None, "available_payout_methods": ["standard"], "bank_name": "STRIPE TEST BANK", "country": account["country"],
        "currency": account["default_currency"], "default_for_currency": True, "fingerprint": random_text(16),
        "future_requirements": {"currently_due": [], "errors": [], "past_due": [], "pending_verification": []},
        "requirements": {"currently_due": [], "errors": [], "past_due": [], "pending_verification": []},
        "last4": number[-4:], "metadata": {}, "routing_number": "110000000", "status": "new", "_number": number,
    }  # fmt: skip
    others = [{**other, "default_for_currency": False} for other in account["external_accounts"]["data"]]
    account["external_accounts"]["data"] = [bank, *others]
