"""Test clocks: time that stands still until it is advanced, for the customers made with it."""

from payments.simulator.calls import Call
from payments.simulator.errors import Refusal
from payments.simulator.listing import page
from payments.simulator.routes import operation
from payments.simulator.schedule import run_next
from payments.simulator.shapes import Obj
from payments.simulator.spec import NOTHING, TEXT, TIME, accepts, pages

KIND = "test_helpers.test_clock"
MONTH = 30 * 86400


@operation("POST", "/v1/test_helpers/test_clocks", accepts(("frozen_time",), frozen_time=TIME, name=TEXT))
def create(call: Call) -> Obj:
    clock = call.new(
        KIND, "clock", deletes_after=call.now + MONTH, frozen_time=call.params["frozen_time"], name=call.params.get("name"), status="ready",
        status_details={},
    )  # fmt: skip
    del clock["metadata"]
    call.add(clock)
    call.emit("test_helpers.test_clock.created", clock)
    return clock


@operation("GET", "/v1/test_helpers/test_clocks/{id}", accepts())
def retrieve(call: Call) -> Obj:
    return call.at(KIND)


@operation("POST", "/v1/test_helpers/test_clocks/{id}/advance", accepts(("frozen_time",), frozen_time=TIME))
def advance(call: Call) -> Obj:
    """Everything that falls due on the way happens, each at its own moment; the answer still says `advancing`, as Stripe's does."""
    clock, target = call.at(KIND), call.params["frozen_time"]
    if target <= clock["frozen_time"]:
        raise Refusal("`frozen_time` must be after the test clock's current frozen time.", param="frozen_time")
    account = call.account
    call.emit("test_helpers.test_clock.advancing", clock | {"status": "advancing"})
    while True:
        row = call.store.sql.execute(
            "SELECT min(due) FROM schedule WHERE clock = ? AND due <= ?", (clock["id"], target)
        ).fetchone()
        if row[0] is None:
            break
        call.save(clock | {"frozen_time": max(row[0], clock["frozen_time"])})
        run_next(call, clock["id"], target)
    call.account, call.now = account, call.real
    done = clock | {"frozen_time": target, "status": "ready"}
    call.save(done)
    call.emit("test_helpers.test_clock.ready", done)
    return done | {"status": "advancing", "status_details": {"advancing": {"target_frozen_time": target}}}


@operation("DELETE", "/v1/test_helpers/test_clocks/{id}", NOTHING)
def delete(call: Call) -> Obj:
    """The clock goes, and its customers with it."""
    clock = call.at(KIND)
    for customer in call.store.select("customer", "doc ->> '$.test_clock' = ?", (clock["id"],)):
        call.save(customer | {"_deleted": True})
    call.store.sql.execute("DELETE FROM schedule WHERE clock = ?", (clock["id"],))
    call.store.remove(clock["id"])
    call.emit("test_helpers.test_clock.deleted", clock)
    return {"id": clock["id"], "object": KIND, "deleted": True}


@operation("GET", "/v1/test_helpers/test_clocks", pages())
def list_all(call: Call) -> Obj:
    return page(call, KIND)
