"""Each parameter that the simulator takes exists in the official client's types for that operation; what Stripe demands, it demands."""

from typing import Any

import pytest

import payments.simulator.handling  # noqa: F401 - registers every operation
from payments.simulator.routes import OPERATIONS, Operation
from payments.simulator.spec import Either, Hash, Kind, List, Span, Unset
from tests.contracts import stripe_client as known

INTERNAL = ("/v1/payment_pages/",)
"""Not in the public API: what the hosted page and the CLI use among themselves."""
PUBLIC = [operation for operation in OPERATIONS if not operation.path.startswith(INTERNAL)]


def names(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


@pytest.mark.parametrize("operation", PUBLIC, ids=names)
def test_the_client_knows_the_operation_and_all_its_parameters(operation: Operation) -> None:
    params = known.operations().get((operation.method, known.normal(operation.path)))
    assert params is not None, f"the client has no {names(operation)}"
    assert unknown(operation.accepts, params, "") == []


def unknown(accepted: Hash, params: type, where: str) -> list[str]:
    fields = known.fields(params)
    found = [f"{where}{name}" for name in accepted.fields if name not in fields]
    for name, kind in accepted.fields.items():
        inner = hashes(kind)
        options = known.nested(fields[name], known.names_of(params)) if name in fields else []
        if not inner or not options:
            continue
        for each in inner:
            found += min([unknown(each, option, f"{where}{name}.") for option in options], key=len)
    return found


def hashes(kind: Kind) -> list[Hash]:
    match kind:
        case Hash():
            return [kind]
        case Unset(inner):
            return hashes(inner)
        case List(of):
            return hashes(of)
        case Either(_, other):
            return hashes(other)
        case _:
            return []


def required(params: type) -> set[str]:
    return {name for name in getattr(params, "__required_keys__", set()) if name != "expand"}


@pytest.mark.parametrize("operation", [op for op in PUBLIC if op.method == "POST"], ids=names)
def test_what_stripe_always_demands_the_simulator_demands(operation: Operation) -> None:
    params: Any = known.operations()[(operation.method, known.normal(operation.path))]
    assert required(params) <= set(operation.accepts.must)


def test_the_check_itself_finds_a_parameter_that_does_not_exist() -> None:
    params = known.operations()[("POST", "/v1/refunds")]
    assert unknown(Hash({"colour": Span(), "amount": Span()}), params, "") == ["colour"]
