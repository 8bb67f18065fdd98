"""The page of a Checkout Session: what is bought, a card form, saved cards; then back to the site."""

import re
from typing import Any

from payments.simulator.billing import hosted, sessions
from payments.simulator.errors import Refusal
from payments.simulator.pages.site import Page, Visit, money, redirect, view
from payments.simulator.pages.words import FAILED_CHECK, WORDS, sentence
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
    return _form(visit, session, language, error=_refused_before(visit, session, language))


def _refused_before(visit: Visit, session: Obj, language: str) -> str | None:
    """Why the last try failed, for who comes back from the bank's check: the check itself, or the card after it."""
    intent = (
        visit.call.store.find(session.get("_intent") or session["payment_intent"] or session["setup_intent"] or "")
        or {}
    )
    error = intent.get("last_payment_error") or intent.get("last_setup_error") or {}
    if str(error.get("code", "")).endswith("authentication_failure"):
        return FAILED_CHECK[language]
    return sentence(str(error["message"]), language) if error.get("message") else None


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
                "until": words["to"].format(month=f"{card['card']['exp_month']:02}", year=card["card"]["exp_year"] % 100),
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
        intent, refusal = sessions.attempt(visit.call, session, method)
    except Refusal as problem:
        return _form(visit, session, language, error=sentence(str(problem), language))
    if refusal:
        return _form(visit, session, language, error=sentence(str(refusal), language))
    if intent and intent["status"] == "requires_action":
        return redirect(f"{visit.call.base}/authenticate/{intent['object']}s/{intent['id']}/{intent['_token']}")
    sessions.complete(visit.call, session)
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
