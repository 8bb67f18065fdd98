"""Products: what prices are for."""

from payments.simulator.calls import Call, merged, update
from payments.simulator.errors import Refusal
from payments.simulator.listing import page
from payments.simulator.routes import operation
from payments.simulator.shapes import Obj
from payments.simulator.spec import COUNT, FLAG, METADATA, NOTHING, SPAN, TEXT, Hash, List, Str, Unset, accepts, pages


def make(call: Call, name: str, **more: object) -> Obj:
    product: Obj = call.new(
        "product", "prod",
        active=True, default_price=None, description=None, images=[], marketing_features=[], name=name, package_dimensions=None,
        shippable=None, statement_descriptor=None, tax_code=None, tax_details=None, type="service", unit_label=None, updated=call.now, url=None,
    ) | more  # fmt: skip
    call.add(product)
    call.emit("product.created", product)
    return product


PLAIN = {
    "description": Unset(TEXT),
    "images": List(TEXT),
    "metadata": METADATA,
    "statement_descriptor": Str(22),
    "unit_label": Unset(TEXT),
    "url": Unset(TEXT),
}


@operation(
    "POST", "/v1/products",
    accepts(("name",), **PLAIN, name=TEXT, active=FLAG, id=TEXT, default_price_data=Hash({"currency": Str(3), "unit_amount": COUNT}, ("currency",))),
)  # fmt: skip
def create(call: Call) -> Obj:
    given = {name: value for name, value in call.params.items() if name not in ("expand", "default_price_data")}
    if "id" in given and call.store.find(given["id"]):
        raise Refusal(f"Product already exists: {given['id']}", code="resource_already_exists", param="id")
    given["metadata"] = merged({}, given.get("metadata") or {})
    product = make(call, given.pop("name"), **given)
    if "default_price_data" in call.params:
        from payments.simulator.resources import prices

        price = prices.make(call, product["id"], **call.params["default_price_data"])
        call.save(product | {"default_price": price["id"]})
        product["default_price"] = price["id"]
    return product


@operation("GET", "/v1/products/{id}", accepts())
def retrieve(call: Call) -> Obj:
    return call.at("product")


@operation("POST", "/v1/products/{id}", accepts(**PLAIN, name=TEXT, active=FLAG, default_price=TEXT))
def modify(call: Call) -> Obj:
    given = {name: value for name, value in call.params.items() if name != "expand"}
    if "default_price" in given:
        call.get("price", given["default_price"], "default_price")
    return update(call, call.at("product"), "product.updated", **given, updated=call.now)


@operation("DELETE", "/v1/products/{id}", NOTHING)
def delete(call: Call) -> Obj:
    product = call.at("product")
    if call.store.select("price", "doc ->> '$.product' = ?", (product["id"],)):
        raise Refusal("This product cannot be deleted because it has one or more user-created prices.")
    call.store.remove(product["id"])
    call.emit("product.deleted", product)
    return {"id": product["id"], "object": "product", "deleted": True}


@operation("GET", "/v1/products", pages(active=FLAG, created=SPAN, ids=List(TEXT)))
def list_all(call: Call) -> Obj:
    ids = call.params.get("ids")
    where = f"id IN ({', '.join('?' * len(ids))})" if ids else ""
    return page(call, "product", where=where, values=tuple(ids or ()), fields=("active",))
