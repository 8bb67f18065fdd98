"""What a Checkout Session sells: prices that exist, or prices described in place."""

from payments.simulator.calls import Call, merged
from payments.simulator.errors import Invalid
from payments.simulator.shapes import Obj, new_id
from payments.simulator.spec import COUNT, METADATA, POSITIVE, TEXT, Enum, Hash, List, Str

INTERVAL = Enum(("day", "month", "week", "year"))
RECURRING = Hash({"interval": INTERVAL, "interval_count": POSITIVE}, ("interval",))
PRODUCT_DATA = Hash({"name": TEXT, "description": TEXT, "images": List(TEXT), "metadata": METADATA}, ("name",))
PRICE_DATA = Hash(
    {"currency": Str(3), "unit_amount": COUNT, "product": TEXT, "product_data": PRODUCT_DATA, "recurring": RECURRING},
    ("currency",),
)
LINE = Hash({"price": TEXT, "price_data": PRICE_DATA, "quantity": POSITIVE, "metadata": METADATA})


def priced(call: Call, lines: list[Obj], *, recurring: bool) -> list[Obj]:
    """Line items with their price and total, all in one currency."""
    found = [_line(call, line, at) for at, line in enumerate(lines)]
    if len({line["currency"] for line in found}) > 1:
        raise Invalid("All line items must have the same currency.", param="line_items")
    if recurring and found and not any(line["price"]["recurring"] for line in found):
        raise Invalid(
            "You must provide at least one recurring price in `subscription` mode when using prices.",
            param="line_items",
        )
    if not recurring and any(line["price"]["recurring"] for line in found):
        text = "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices."
        raise Invalid(text, param="line_items")
    return found


def _line(call: Call, line: Obj, at: int) -> Obj:
    price = _price(call, line, f"line_items[{at}]")
    quantity = line.get("quantity", 1)
    amount = price["unit_amount"] * quantity
    product = call.store.find(price["product"]) or {}
    return {
        "id": new_id("li"), "object": "item", "adjustable_quantity": None, "amount_discount": 0, "amount_subtotal": amount, "amount_tax": 0,
        "amount_total": amount, "currency": price["currency"], "description": product.get("name", ""), "price": price, "quantity": quantity,
        "metadata": merged({}, line.get("metadata") or {}),
    }  # fmt: skip


def _price(call: Call, line: Obj, name: str) -> Obj:
    from payments.simulator.resources import prices

    if ("price" in line) == ("price_data" in line):
        raise Invalid("You must specify either `price` or `price_data`.", param=name)
    if "price" in line:
        price = call.get("price", line["price"], f"{name}[price]")
        if not price["active"]:
            raise Invalid(
                "The price specified is inactive. This field only accepts active prices.", param=f"{name}[price]"
            )
        return price
    return prices.described(call, line["price_data"], f"{name}[price_data]")
