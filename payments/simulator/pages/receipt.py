"""A charge's receipt, at its `receipt_url`."""

from datetime import UTC, datetime

from babel.dates import format_datetime

from payments.simulator.pages.site import Page, Visit, money, not_found, view
from payments.simulator.pages.words import WORDS


@view("/receipts/{id}")
def receipt(visit: Visit) -> Page:
    charge = visit.call.store.find(visit.parts["id"], "charge")
    if charge is None or not charge["paid"]:
        return not_found(visit)
    language = visit.language(None)
    card = charge["payment_method_details"]["card"]
    return visit.render(
        "receipt.html", language, charge=charge, amount=money(charge["amount_captured"], charge["currency"], language),
        refunded=money(charge["amount_refunded"], charge["currency"], language) if charge["amount_refunded"] else "",
        date=format_datetime(datetime.fromtimestamp(charge["created"], UTC), "d MMMM y, HH:mm 'UTC'", locale=language),
        card=WORDS[language]["ends_in"].format(brand=card["brand"].capitalize(), last4=card["last4"]),
    )  # fmt: skip
