"""The prices inside a subscription."""

from payments.simulator.calls import Call
from payments.simulator.errors import missing
from payments.simulator.routes import operation
from payments.simulator.shapes import Obj, listing
from payments.simulator.spec import TEXT, accepts, pages


@operation("GET", "/v1/subscription_items", pages(subscription=TEXT))
def list_all(call: Call) -> Obj:
    subscription = call.get("subscription", call.params.get("subscription", ""), "subscription")
    return listing(subscription["items"]["data"], call.path)


@operation("GET", "/v1/subscription_items/{id}", accepts())
def retrieve(call: Call) -> Obj:
    where = "EXISTS (SELECT 1 FROM json_each(doc, '$.items.data') AS item WHERE item.value ->> '$.id' = ?)"
    for subscription in call.store.select("subscription", where, (call.ids["id"],), account=call.account):
        for item in subscription["items"]["data"]:
            if item["id"] == call.ids["id"]:
                found: Obj = item
                return found
    raise missing("subscription_item", call.ids["id"], param="id", in_path=True)
