"""Events: what happened, newest first, by type and moment."""

from payments.simulator.calls import Call
from payments.simulator.errors import Invalid
from payments.simulator.listing import page
from payments.simulator.routes import operation
from payments.simulator.shapes import Obj
from payments.simulator.spec import FLAG, SPAN, TEXT, List, accepts, pages


@operation("GET", "/v1/events/{id}", accepts())
def retrieve(call: Call) -> Obj:
    return call.at("event")


@operation("GET", "/v1/events", pages(created=SPAN, type=TEXT, types=List(TEXT), delivery_success=FLAG))
def list_all(call: Call) -> Obj:
    given = call.params
    if "type" in given and "types" in given:
        raise Invalid("You may only specify one of these parameters: type, types.")
    if "delivery_success" in given:
        sign = "" if given["delivery_success"] else "NOT "
        where = f"(doc ->> '$.pending_webhooks' = 0) IS {sign}TRUE"
        return page(call, "event", where=where)
    wanted = given.get("types") or ([given["type"]] if "type" in given else [])
    patterns = tuple(word.replace("*", "%") for word in wanted)
    where = "(" + " OR ".join(["doc ->> '$.type' LIKE ?"] * len(patterns)) + ")" if patterns else ""
    return page(call, "event", where=where, values=patterns)
