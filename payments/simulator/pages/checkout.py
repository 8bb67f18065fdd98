"""The page of a Checkout Session: what is bought, a card form, saved cards; then back to the site."""

import re
from typing import Any

from payments.simulator import charging
from payments.simulator.billing import hosted
from payments.simulator.calls import merged
from payments.simulator.errors import Declined, Refusal
from payments.simulator.pages.site import Page, Visit, money, redirect, view
from payments.simulator.pages.words import FAILED_CHECK, WORDS, sentence
from payments.simulator.resources import customers, payment_intents, setup_intents
from payments.simulator.resources.payment_methods import from_parameters
from payments.simulator.shapes import Obj


@view("/c/pay/{id}")
def checkout(visit: Visit) -> Page:
    session = visit.call.store.find(visit.parts["id"], "checkout.session")
    if session is None:
        return visit.render(
            "message.html", visit.language(None), status=404, title="404", text=WORDS[visit.language(None)]["nothing"]
        )
    language = visit.language(session["locale"])
    if session["status"] != "open":
        done = session["status"] == "complete"
        text = WORDS[language]["closed_paid" if done else "closed_expired"]
        back = returning(session) if done else session["cancel_url"]
        return visit.render("message.html", language, title=WORDS[language]["to_pay"], text=text, back=back)
    visit.call.follow_clock(session["customer"])
    if visit.request.method == "POST":
        return _submit(visit, session, language)
    failed = FAILED_CHECK[language] if _check_failed(visit, session) else None
    return _form(visit, session, language, error=failed)


def _check_failed(visit: Visit, session: Obj) -> bool:
    intent = (
        visit.call.store.find(session.get("_intent") or session["payment_intent"] or session["setup_intent"] or "")
        or {}
    )
    error = intent.get("last_payment_error") or intent.get("last_setup_error") or {}
    return str(error.get("code", "")).endswith("authentication_failure")


def returning(session: Obj) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def saved_cards(visit: Visit, session: Obj) -> list[Obj]:
    """The customer's cards that may be shown again."""
    if not session["customer"] or session["mode"] == "setup":
        return []
    wanted = (session["saved_payment_method_options"] or {}).get("allow_redisplay_filters", ["always"])
    cards = visit.call.store.select("payment_method", "doc ->> '$.customer' = ?", (session["customer"],))
    return [card for card in reversed(cards) if card["allow_redisplay"] in wanted]


def _form(visit: Visit, session: Obj, language: str, *, error: str | None = None) -> Page:
    words, sent = WORDS[language], visit.sent
    saved = saved_cards(visit, session)
    return visit.render(
        "checkout.html", language, status=402 if error and sent else 200,
        **summary(session, language), error=error, back=session["cancel_url"],
        saved=[
            {
                "id": card["id"],
                "name": words["ends_in"].format(brand=card["card"]["brand"].capitalize(), last4=card["card"]["last4"]),
                "until": words["to"].format(month=f"{card['card']['exp_month']:02}", year=card["card"]["exp_year"]),
            }
            for card in saved
        ],
        chosen=sent.get("card") or (saved[0]["id"] if saved else "new"), ask_email=not session["customer"],
        email=sent.get("email", session["customer_email"] or ""), number=sent.get("number", ""), expiry=sent.get("expiry", ""),
        holder=sent.get("holder", ""), keep="keep" in sent, may_keep=_may_keep(session),
    )  # fmt: skip


def _may_keep(session: Obj) -> bool:
    return (session["saved_payment_method_options"] or {}).get("payment_method_save") == "enabled"


def summary(session: Obj, language: str) -> dict[str, Any]:
    """Heading, amount and lines; for a subscription also what comes after today."""
    words = WORDS[language]
    if session["mode"] == "setup":
        return {"heading": words["setup_title"], "note": words["setup_note"], "button": words["save_card"]}
    lines, currency = session["_line_items"], session["currency"]
    trial = hosted.on_trial(session)
    due = 0 if trial else session["amount_total"]
    shown = [
        {
            "name": line["description"], "amount": money(line["amount_total"], currency, language),
            "detail": _every(line, words) if line["price"]["recurring"] else words["quantity"].format(n=line["quantity"]) if line["quantity"] > 1 else "",
        }
        for line in lines
    ]  # fmt: skip
    recurring = session["mode"] == "subscription"
    button = (
        words["start_trial"]
        if trial
        else words["subscribe"]
        if recurring
        else words["pay_amount"].format(amount=money(due, currency, language))
    )
    return {
        "heading": ", ".join(line["description"] for line in lines) or words["to_pay"], "amount": money(due, currency, language),
        "lines": shown, "total": money(due, currency, language), "total_label": words["today"] if recurring else words["total"], "button": button,
    }  # fmt: skip


def _every(line: Obj, words: dict[str, str]) -> str:
    repeats = line["price"]["recurring"]
    if repeats["interval_count"] == 1:
        return words[f"every_{repeats['interval']}"]
    return words["every_n"].format(n=repeats["interval_count"], unit=repeats["interval"])


def _submit(visit: Visit, session: Obj, language: str) -> Page:
    try:
        method = _method(visit, session, language)
        intent, refusal = _attempt(visit, session, method)
    except Refusal as problem:
        return _form(visit, session, language, error=sentence(str(problem), language))
    if refusal:
        return _form(visit, session, language, error=sentence(str(refusal), language))
    if intent and intent["status"] == "requires_action":
        return redirect(f"/authenticate/{intent['object']}s/{intent['id']}/{intent['_token']}")
    complete(visit, session)
    return redirect(returning(session))


def _method(visit: Visit, session: Obj, language: str) -> Obj:
    sent = visit.sent
    chosen = next((card for card in saved_cards(visit, session) if card["id"] == sent.get("card")), None)
    if chosen:
        return chosen
    method = method_from_form(visit, language, sent.get("email") or session["customer_email"])
    if "keep" in sent and _may_keep(session):
        method["allow_redisplay"] = "always"
        session["_keep"] = True
    elif session["mode"] != "payment" or session["_data"].get("setup_future_usage"):
        method["allow_redisplay"] = "limited"
    return visit.call.save(method)


def method_from_form(visit: Visit, language: str, email: str | None) -> Obj:
    """The card that was typed in."""
    sent = visit.sent
    expiry = re.fullmatch(r"\s*(\d{1,2})\s*[/.\-]?\s*(\d{2}|\d{4})\s*", sent.get("expiry", ""))
    if not sent.get("number", "").strip() or expiry is None or not sent.get("cvc", "").strip():
        raise Refusal(WORDS[language]["incomplete"])
    card = {"number": sent["number"], "exp_month": int(expiry[1]), "exp_year": int(expiry[2]), "cvc": sent["cvc"]}
    return from_parameters(visit.call, card, {"name": sent.get("holder") or None, "email": email or None})


def _attempt(visit: Visit, session: Obj, method: Obj) -> tuple[Obj | None, Declined | None]:
    """Charge, keep or subscribe; the intent it went through, and how the card refused."""
    call = visit.call
    _details(visit, session, method)
    if session["mode"] == "setup":
        intent = call.get("setup_intent", session["setup_intent"], "setup_intent")
        intent["_return_url"] = f"{call.base}/c/pay/{session['id']}"
        return intent, setup_intents.set_up_quietly(call, intent, method)
    if session["mode"] == "subscription":
        return hosted.attempt(call, session, method)
    intent = call.store.find(session["payment_intent"] or "") or _new_intent(visit, session)
    if session.get("_keep"):
        intent["setup_future_usage"] = "off_session"
    return intent, charging.attempt_quietly(call, intent, method, off_session=False)


def _new_intent(visit: Visit, session: Obj) -> Obj:
    data = session["_data"]
    plain = (
        "description",
        "receipt_email",
        "setup_future_usage",
        "statement_descriptor_suffix",
        "transfer_group",
        "capture_method",
    )
    intent = payment_intents.make(
        visit.call, amount=session["amount_total"], currency=session["currency"], customer=session["customer"],
        metadata=merged({}, data.get("metadata") or {}), _session=session["id"],
        _return_url=f"{visit.call.base}/c/pay/{session['id']}", **{name: data[name] for name in plain if name in data},
    )  # fmt: skip
    session["payment_intent"] = intent["id"]
    visit.call.save(session)
    return intent


def _details(visit: Visit, session: Obj, method: Obj) -> None:
    """Who pays, as the page learned it; a customer is made where the session asks for one."""
    call, billing = visit.call, method["billing_details"]
    owner = call.store.find(session["customer"] or "", "customer") or {}
    wanted = (
        session["customer_creation"] == "always"
        or session["mode"] == "subscription"
        or session["_data"].get("setup_future_usage")
    )
    if not owner and (wanted or session.get("_keep")):
        call.params = {"email": billing["email"], "name": billing["name"]}
        owner = customers.create(call)
        session["customer"] = owner["id"]
    session["customer_details"] = {
        "address": billing["address"], "business_name": None, "email": owner.get("email") or billing["email"], "individual_name": None,
        "name": owner.get("name") or billing["name"], "phone": owner.get("phone"), "tax_exempt": "none", "tax_ids": [],
    }  # fmt: skip
    call.save(session)


def complete(visit: Visit, session: Obj) -> None:
    """The session is done: paid, kept or subscribed."""
    call = visit.call
    session |= {"status": "complete", "url": None}
    if session["mode"] != "setup":
        session["payment_status"] = "paid"
        if session["mode"] == "subscription":
            hosted.completed(call, session)
        intent = call.store.find(session["payment_intent"] or "") or {}
        if intent.get("status") == "requires_capture":
            session["payment_status"] = "unpaid"
    call.save(session)
    call.forget("expire_session", session["id"])
    call.emit("checkout.session.completed", session)
