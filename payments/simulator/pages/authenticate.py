"""The bank's 3-D Secure page: confirm or decline, then back to where the person came from."""

from urllib.parse import urlencode

from payments.simulator import charging
from payments.simulator.billing import sessions
from payments.simulator.calls import Call
from payments.simulator.errors import Declined
from payments.simulator.pages import checkout
from payments.simulator.pages.site import Page, Visit, money, not_found, redirect, view
from payments.simulator.pages.words import WORDS
from payments.simulator.resources import setup_intents
from payments.simulator.shapes import Obj

KINDS = {"payment_intents": "payment_intent", "setup_intents": "setup_intent"}


@view("/authenticate/{kind}/{id}/{token}")
def authenticate(visit: Visit) -> Page:
    intent = visit.call.store.find(visit.parts["id"], KINDS.get(visit.parts["kind"]))
    if intent is None or intent.get("_token") != visit.parts["token"]:
        return not_found(visit)
    call = visit.call
    call.account = call.store.account_of(intent["id"])
    session = call.store.find(intent.get("_session") or "", "checkout.session")
    language = visit.language(session["locale"] if session else None)
    if intent["status"] != "requires_action":
        return _afterwards(visit, intent, session, language)
    if visit.request.method != "POST":
        return _ask(visit, intent, language)
    call.follow_clock(intent["customer"])
    decide(call, intent, agreed=visit.sent.get("do") == "yes")
    return _afterwards(visit, intent, session, language)


def decide(call: Call, intent: Obj, *, agreed: bool) -> None:
    """The person's answer to the bank; a card may decline even after it."""
    payment = intent["object"] == "payment_intent"
    if not agreed:
        (charging.fail_authentication if payment else setup_intents.fail_authentication)(call, intent)
    else:
        method = call.get("payment_method", intent["payment_method"], "payment_method")
        try:
            (charging.attempt if payment else setup_intents.set_up)(call, intent, method, authenticated=True)
        except Declined:
            pass


def _ask(visit: Visit, intent: Obj, language: str) -> Page:
    words = WORDS[language]
    text = words["bank_setup"]
    if intent["object"] == "payment_intent":
        text = words["bank_text"].format(amount=money(intent["amount"], intent["currency"], language))
    card = (visit.call.store.find(intent["payment_method"]) or {})["card"]
    name = words["ends_in"].format(brand=card["brand"].capitalize(), last4=card["last4"])
    return visit.render("authenticate.html", language, text=text, card=name)


def _afterwards(visit: Visit, intent: Obj, session: Obj | None, language: str) -> Page:
    done = intent["status"] in ("succeeded", "requires_capture", "processing")
    if session:
        if done and session["status"] == "open":
            sessions.complete(visit.call, session)
        return redirect(checkout.returning(session) if done else f"{visit.call.base}/c/pay/{session['id']}")
    if intent.get("_invoice") and not intent.get("_return_url"):
        return redirect(visit.call.get("invoice", intent["_invoice"], "invoice")["hosted_invoice_url"])
    if intent.get("_return_url"):
        kind = intent["object"]
        query = {
            kind: intent["id"],
            f"{kind}_client_secret": intent["client_secret"],
            "redirect_status": "succeeded" if done else "failed",
        }
        address = intent["_return_url"]
        return redirect(f"{address}{'&' if '?' in address else '?'}{urlencode(query)}")
    words = WORDS[language]
    return visit.render(
        "message.html", language, title=words["bank"], text=words["bank_done" if done else "bank_failed"]
    )
