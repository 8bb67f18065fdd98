"""Prices: once made, an amount never changes; only whether it is offered, and its names."""

from payments.simulator.calls import Call, merged, update
from payments.simulator.errors import Invalid, Refusal
from payments.simulator.listing import page
from payments.simulator.resources import products
from payments.simulator.resources.line_items import INTERVAL, RECURRING
from payments.simulator.routes import operation
from payments.simulator.shapes import Obj
from payments.simulator.spec import COUNT, FLAG, METADATA, SPAN, TEXT, Enum, Hash, List, Str, Unset, accepts, pages

SHORT_PRODUCT = Hash({"name": TEXT, "active": FLAG, "id": TEXT, "metadata": METADATA, "unit_label": TEXT}, ("name",))


def make(
    call: Call, product: str, *, currency: str, unit_amount: int = 0, recurring: Obj | None = None, **more: object
) -> Obj:
    repeats = None
    if recurring:
        repeats = {
            "interval": recurring["interval"],
            "interval_count": recurring.get("interval_count", 1),
            "meter": None,
            "trial_period_days": None,
            "usage_type": "licensed",
        }
    price: Obj = call.new(
        "price", "price",
        active=True, billing_scheme="per_unit", currency=currency.lower(), custom_unit_amount=None, lookup_key=None, nickname=None,
        product=product, recurring=repeats, tax_behavior="unspecified", tiers_mode=None, transform_quantity=None,
        type="recurring" if repeats else "one_time", unit_amount=unit_amount, unit_amount_decimal=str(unit_amount),
    ) | more  # fmt: skip
    call.add(price)
    call.emit("price.created", price)
    return price


def described(call: Call, data: Obj, name: str) -> Obj:
    """A price given in place (`price_data`): made now, not offered to others."""
    if ("product" in data) == ("product_data" in data):
        raise Invalid("You must specify either `product` or `product_data` when creating a price.", param=name)
    if "unit_amount" not in data:
        raise Invalid(
            f"Missing required param: {name}[unit_amount].", code="parameter_missing", param=f"{name}[unit_amount]"
        )
    if "product" in data:
        product = call.get("product", data["product"], f"{name}[product]")["id"]
    else:
        about = data["product_data"]
        product = products.make(
            call, about["name"], active=False, description=about.get("description"), images=about.get("images", []),
            metadata=merged({}, about.get("metadata") or {}),
        )["id"]  # fmt: skip
    return make(
        call,
        product,
        currency=data["currency"],
        unit_amount=data["unit_amount"],
        recurring=data.get("recurring"),
        active=False,
    )


@operation(
    "POST", "/v1/prices",
    accepts(
        ("currency",), currency=Str(3), unit_amount=COUNT, product=TEXT, product_data=SHORT_PRODUCT, recurring=RECURRING, active=FLAG,
        lookup_key=TEXT, transfer_lookup_key=FLAG, metadata=METADATA, nickname=TEXT,
    ),
)  # fmt: skip
def create(call: Call) -> Obj:
    given = {name: value for name, value in call.params.items() if name != "expand"}
    if "unit_amount" not in given:
        raise Invalid("Missing required param: unit_amount.", code="parameter_missing", param="unit_amount")
    if ("product" in given) == ("product_data" in given):
        raise Invalid("You must specify either `product` or `product_data` when creating a price.", param="product")
    if "product_data" in given:
        about = given.pop("product_data")
        given["product"] = products.make(call, about["name"], metadata=merged({}, about.get("metadata") or {}))["id"]
    else:
        call.get("product", given["product"], "product")
    _lookup_key(call, given.get("lookup_key"), given.pop("transfer_lookup_key", False))
    given["metadata"] = merged({}, given.get("metadata") or {})
    return make(call, given.pop("product"), **given)


def _lookup_key(call: Call, key: str | None, transfer: bool) -> None:
    holders = call.store.select("price", "doc ->> '$.lookup_key' = ?", (key,)) if key else []
    for holder in holders:
        if not transfer:
            raise Refusal(f"A price (`{holder['id']}`) already uses that lookup key.", param="lookup_key")
        call.save(holder | {"lookup_key": None})


@operation("GET", "/v1/prices/{id}", accepts())
def retrieve(call: Call) -> Obj:
    return call.at("price")


@operation(
    "POST",
    "/v1/prices/{id}",
    accepts(active=FLAG, lookup_key=Unset(TEXT), transfer_lookup_key=FLAG, metadata=METADATA, nickname=Unset(TEXT)),
)
def modify(call: Call) -> Obj:
    given = {name: value for name, value in call.params.items() if name != "expand"}
    _lookup_key(call, given.get("lookup_key"), given.pop("transfer_lookup_key", False))
    return update(call, call.at("price"), "price.updated", **given)


REPEATS = Hash({"interval": INTERVAL})


@operation(
    "GET", "/v1/prices",
    pages(active=FLAG, created=SPAN, currency=Str(3), product=TEXT, lookup_keys=List(TEXT), type=Enum(("one_time", "recurring")), recurring=REPEATS),
)  # fmt: skip
def list_all(call: Call) -> Obj:
    clauses: list[str] = []
    values: list[str] = []
    if "lookup_keys" in call.params:
        clauses.append(f"doc ->> '$.lookup_key' IN ({', '.join('?' * len(call.params['lookup_keys']))})")
        values.extend(call.params["lookup_keys"])
    if "interval" in call.params.get("recurring", {}):
        clauses.append("doc ->> '$.recurring.interval' = ?")
        values.append(call.params["recurring"]["interval"])
    return page(
        call,
        "price",
        where=" AND ".join(clauses),
        values=tuple(values),
        fields=("active", "currency", "product", "type"),
    )
