"""Checkout Sessions: made by the site, paid on the hosted page (`pages/checkout.py`)."""

from payments.simulator.calls import Call, merged, update
from payments.simulator.errors import Invalid, Refusal
from payments.simulator.listing import page
from payments.simulator.resources import line_items
from payments.simulator.resources.customers import named
from payments.simulator.resources.payment_intents import CURRENCY, SHIPPING, USAGE
from payments.simulator.resources.payment_methods import REDISPLAY, TYPE
from payments.simulator.routes import operation
from payments.simulator.schedule import job
from payments.simulator.shapes import Obj, listing, random_text
from payments.simulator.spec import (
    FLAG,
    METADATA,
    POSITIVE,
    SPAN,
    TEXT,
    TIME,
    Enum,
    Hash,
    Kind,
    List,
    Str,
    accepts,
    pages,
)

MODES = ("payment", "setup", "subscription")
LOCALES = ("auto", "de", "en", "en-GB", "es", "fr", "it", "ru", "kk", "tr")
PAYMENT_DATA = Hash({
    "capture_method": Enum(("automatic", "automatic_async", "manual")), "description": TEXT, "metadata": METADATA,
    "receipt_email": TEXT, "setup_future_usage": USAGE, "statement_descriptor_suffix": Str(22), "transfer_group": TEXT, "shipping": SHIPPING,
})  # fmt: skip
SUBSCRIPTION_DATA = Hash({
    "description": TEXT, "metadata": METADATA, "trial_end": TIME, "trial_period_days": POSITIVE,
    "trial_settings": Hash({"end_behavior": Hash({"missing_payment_method": Enum(("cancel", "create_invoice", "pause"))})}),
})  # fmt: skip
FIELDS: dict[str, Kind] = {
    "billing_address_collection": Enum(("auto", "required")), "cancel_url": TEXT, "client_reference_id": Str(200), "currency": CURRENCY,
    "customer": TEXT, "customer_creation": Enum(("always", "if_required")), "customer_email": TEXT, "expires_at": TIME,
    "line_items": List(line_items.LINE), "locale": Enum(LOCALES), "metadata": METADATA, "mode": Enum(MODES),
    "payment_intent_data": PAYMENT_DATA, "payment_method_collection": Enum(("always", "if_required")),
    "allowed_payment_method_types": List(TYPE), "allow_promotion_codes": FLAG,
    "saved_payment_method_options": Hash({
        "allow_redisplay_filters": List(REDISPLAY), "payment_method_save": Enum(("disabled", "enabled")),
        "payment_method_remove": Enum(("disabled", "enabled")),
    }),
    "setup_intent_data": Hash({"description": TEXT, "metadata": METADATA}), "submit_type": Enum(("auto", "book", "donate", "pay", "subscribe")),
    "subscription_data": SUBSCRIPTION_DATA, "success_url": TEXT, "ui_mode": Enum(("hosted_page",)), "return_url": TEXT,
}  # fmt: skip
HALF_HOUR, DAY = 1800, 24 * 3600


@operation("POST", "/v1/checkout/sessions", accepts(**FIELDS))
def create(call: Call) -> Obj:
    given = call.params
    mode = _mode(given)
    customer = named(call, given["customer"])["id"] if "customer" in given else None
    lines = line_items.priced(call, given.get("line_items", []), recurring=mode == "subscription")
    expires_at = given.get("expires_at", call.now + DAY)
    if not call.now + HALF_HOUR - 60 <= expires_at <= call.now + DAY + 60:
        text = "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation."
        raise Invalid(text, param="expires_at")
    total = sum(line["amount_total"] for line in lines)
    session = _blank(call, given, mode) | {
        "customer": customer, "expires_at": expires_at, "_line_items": lines, "_data": _data(given),
        "currency": lines[0]["currency"] if lines else given.get("currency"),
        "amount_subtotal": None if mode == "setup" else total, "amount_total": None if mode == "setup" else total,
    }  # fmt: skip
    if mode == "payment" and total < 50:
        raise Refusal(
            "The Checkout Session's total amount due must add up to at least $0.50 usd.", code="amount_too_small"
        )
    session["url"] = f"{call.base}/c/pay/{session['id']}"
    if mode == "setup":
        session["setup_intent"] = _setup_intent(call, session, customer, given)
        session["payment_status"] = "no_payment_required"
    call.add(session)
    call.later(expires_at, "expire_session", session["id"])
    return session


def _mode(given: Obj) -> str:
    if "mode" not in given:
        raise Invalid("Missing required param: mode.", code="parameter_missing", param="mode")
    mode: str = given["mode"]
    if "success_url" not in given:
        raise Invalid("Missing required param: success_url.", code="parameter_missing", param="success_url")
    if mode != "setup" and not given.get("line_items"):
        raise Invalid(f"`line_items` is required in `{mode}` mode.", code="parameter_missing", param="line_items")
    if mode == "setup" and (
        "line_items" in given or ("currency" not in given and "allowed_payment_method_types" not in given)
    ):
        raise Invalid(
            "In `setup` mode give `currency` or `allowed_payment_method_types`, and no `line_items`.", param="currency"
        )
    for name, its_mode in (
        ("payment_intent_data", "payment"),
        ("setup_intent_data", "setup"),
        ("subscription_data", "subscription"),
    ):
        if name in given and mode != its_mode:
            raise Invalid(f"You can not pass `{name}` in `{mode}` mode.", param=name)
    if "customer" in given and "customer_email" in given:
        raise Invalid("You may only specify one of these parameters: customer, customer_email.")
    for name in ("success_url", "cancel_url"):
        if name in given and not given[name].startswith(("http://", "https://")):
            raise Invalid(
                "Invalid URL: An explicit scheme (such as https) must be provided.", code="url_invalid", param=name
            )
    return mode


def _data(given: Obj) -> Obj:
    names = ("payment_intent_data", "setup_intent_data", "subscription_data")
    return next((given[name] for name in names if name in given), {})


def _setup_intent(call: Call, session: Obj, customer: str | None, given: Obj) -> str:
    from payments.simulator.resources import setup_intents

    data = given.get("setup_intent_data", {})
    intent = setup_intents.make(
        call,
        customer=customer,
        metadata=merged({}, data.get("metadata") or {}),
        description=data.get("description"),
        _session=session["id"],
    )
    return str(intent["id"])


def _blank(call: Call, given: Obj, mode: str) -> Obj:
    saving = {"allow_redisplay_filters": ["always"], "payment_method_remove": "disabled", "payment_method_save": None}
    session: Obj = call.new(
        "checkout.session", "cs_test",
        adaptive_pricing=None if mode != "payment" else {"enabled": False}, after_expiration=None,
        allow_promotion_codes=given.get("allow_promotion_codes"),
        automatic_tax={"enabled": False, "liability": None, "provider": None, "status": None},
        billing_address_collection=given.get("billing_address_collection"), cancel_url=given.get("cancel_url"),
        client_reference_id=given.get("client_reference_id"), client_secret=None,
        collected_information={"business_name": None, "individual_name": None, "shipping_details": None}, consent=None,
        consent_collection=None, currency_conversion=None, custom_fields=[], discounts=[] if mode != "setup" else None,
        custom_text={"after_submit": None, "shipping_address": None, "submit": None, "terms_of_service_acceptance": None},
        customer_account=None, customer_creation=given.get("customer_creation", "if_required") if mode == "payment" and "customer" not in given else None,
        customer_details=None, customer_email=given.get("customer_email"), invoice=None, integration_identifier=None,
        invoice_creation=None if mode != "payment" else {
            "enabled": False,
            "invoice_data": {"account_tax_ids": None, "custom_fields": None, "description": None, "footer": None, "issuer": None, "metadata": {}, "rendering_options": None},
        },
        locale=given.get("locale"), metadata=merged({}, given.get("metadata") or {}), mode=mode, origin_context=None, payment_intent=None,
        payment_link=None, payment_method_collection=given.get("payment_method_collection", "always" if mode == "subscription" else "if_required"),
        payment_method_configuration_details=None, payment_method_options={"card": {"request_three_d_secure": "automatic"}},
        allowed_payment_method_types=given.get("allowed_payment_method_types"), payment_method_types=["card"], payment_status="unpaid", permissions=None, phone_number_collection={"enabled": False},
        recovered_from=None, redirect_on_completion=None, return_url=None, setup_intent=None, shipping_address_collection=None, shipping_cost=None,
        saved_payment_method_options=saving | given.get("saved_payment_method_options", {}) if "customer" in given or "saved_payment_method_options" in given else None,
        shipping_options=[], status="open", submit_type=given.get("submit_type"), subscription=None, success_url=given["success_url"],
        total_details=None if mode == "setup" else {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        ui_mode="hosted_page", wallet_options=None,
    )  # fmt: skip
    session["id"] = f"cs_test_{random_text(58)}"
    return session


@operation("GET", "/v1/checkout/sessions/{id}", accepts())
def retrieve(call: Call) -> Obj:
    return call.at("checkout.session")


@operation("POST", "/v1/checkout/sessions/{id}", accepts(metadata=METADATA))
def modify(call: Call) -> Obj:
    given = {name: value for name, value in call.params.items() if name != "expand"}
    return update(call, call.at("checkout.session"), **given)


@operation("GET", "/v1/checkout/sessions/{id}/line_items", pages())
def list_lines(call: Call) -> Obj:
    return listing(call.at("checkout.session")["_line_items"], call.path)


@operation("POST", "/v1/checkout/sessions/{id}/expire", accepts())
def expire(call: Call) -> Obj:
    session = call.at("checkout.session")
    if session["status"] != "open":
        text = f'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of {session["status"]}.'
        raise Refusal(text)
    return _expired(call, session)


@job("expire_session")
def _time_is_up(call: Call, id: str) -> None:
    session = call.store.find(id)
    if session and session["status"] == "open":
        _expired(call, session)


def _expired(call: Call, session: Obj) -> Obj:
    """Nobody can pay on it any more; an intent that was begun on it is cancelled with it."""
    from payments.simulator.resources.payment_intents import EARLY, cancelled

    intent = call.store.find(session["payment_intent"] or "", "payment_intent")
    if intent and intent["status"] in EARLY:
        cancelled(call, intent, "automatic")
    session |= {"status": "expired", "url": None}
    call.save(session)
    call.forget("expire_session", session["id"])
    call.emit("checkout.session.expired", session)
    return session


@operation(
    "GET",
    "/v1/checkout/sessions",
    pages(
        created=SPAN,
        customer=TEXT,
        payment_intent=TEXT,
        subscription=TEXT,
        status=Enum(("open", "complete", "expired")),
    ),
)
def list_all(call: Call) -> Obj:
    return page(call, "checkout.session", fields=("customer", "payment_intent", "subscription", "status"))
