"""An invoice's hosted page: what it is for, and paying it with another card or with the bank's consent."""

from payments.simulator.billing import invoices
from payments.simulator.errors import Refusal
from payments.simulator.pages.checkout import method_from_form
from payments.simulator.pages.site import Page, Visit, money, not_found, redirect, view
from payments.simulator.pages.words import FAILED_CHECK, WORDS, sentence
from payments.simulator.shapes import Obj


@view("/i/{id}/{token}")
def invoice(visit: Visit) -> Page:
    call = visit.call
    found = call.store.find(visit.parts["id"], "invoice")
    if found is None or found["_token"] != visit.parts["token"]:
        return not_found(visit)
    language = visit.language(None)
    call.follow_clock(found["customer"])
    if found["status"] != "open":
        text = WORDS[language]["closed_paid" if found["status"] == "paid" else "nothing_to_pay"]
        return visit.render(
            "message.html",
            language,
            title=f"{WORDS[language]['receipt']} {found['number'] or ''}",
            text=text,
            back=_site(visit),
        )
    intent = call.get("payment_intent", found["_intent"], "payment_intent")
    if visit.request.method != "POST":
        refused = str((intent["last_payment_error"] or {}).get("code", "")).endswith("authentication_failure")
        return _form(visit, found, language, error=FAILED_CHECK[language] if refused else None)
    return _pay(visit, found, language)


def _site(visit: Visit) -> str:
    """A bill knows no way back of its own: the address of the business, where one is set."""
    return visit.call.store.setting("site")


def _cards(visit: Visit, found: Obj) -> list[Obj]:
    cards = visit.call.store.select("payment_method", "doc ->> '$.customer' = ?", (found["customer"],))
    default = invoices.method_of(visit.call, found)
    return sorted(cards, key=lambda card: (default is None or card["id"] != default["id"], -card["created"]))


def _form(visit: Visit, found: Obj, language: str, *, error: str | None = None) -> Page:
    words, sent, cards = WORDS[language], visit.sent, _cards(visit, found)
    amount = money(found["amount_due"], found["currency"], language)
    return visit.render(
        "checkout.html", language, status=402 if error and sent else 200, heading=f"{words['to_pay']}: {found['number']}", amount=amount,
        lines=[{"name": line["description"], "amount": money(line["amount"], found["currency"], language)} for line in found["lines"]["data"]],
        total=amount, total_label=words["total"], button=words["pay_amount"].format(amount=amount), error=error, back=_site(visit),
        saved=[
            {
                "id": card["id"], "name": words["ends_in"].format(brand=card["card"]["brand"].capitalize(), last4=card["card"]["last4"]),
                "until": words["to"].format(month=f"{card['card']['exp_month']:02}", year=card["card"]["exp_year"] % 100),
            }
            for card in cards
        ],
        chosen=sent.get("card") or (cards[0]["id"] if cards else "new"), number=sent.get("number", ""), expiry=sent.get("expiry", ""),
        holder=sent.get("holder", ""),
    )  # fmt: skip


def _pay(visit: Visit, found: Obj, language: str) -> Page:
    call = visit.call
    try:
        chosen = next((card for card in _cards(visit, found) if card["id"] == visit.sent.get("card")), None)
        method = chosen or method_from_form(visit, language, found["customer_email"])
        refusal = invoices.collect(call, found, method=method, off_session=False)
    except Refusal as problem:
        return _form(visit, found, language, error=sentence(str(problem), language))
    if refusal:
        return _form(visit, found, language, error=sentence(str(refusal), language))
    intent = call.get("payment_intent", found["_intent"], "payment_intent")
    if intent["status"] == "requires_action":
        return redirect(f"{call.base}/authenticate/payment_intents/{intent['id']}/{intent['_token']}")
    return redirect(found["hosted_invoice_url"])
