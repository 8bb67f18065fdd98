"""Lists: newest first, by cursor, filtered by what the resource allows."""

from typing import Any

from payments.simulator.calls import Call
from payments.simulator.errors import Refusal
from payments.simulator.shapes import Obj, listing

SIGNS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "eq": "="}


def page(call: Call, kind: str, *, where: str = "", values: tuple[Any, ...] = (), fields: tuple[str, ...] = ()) -> Obj:
    """`fields` are parameters that must equal the document's field of the same name."""
    params = call.params
    clauses = ["kind = ?", "account = ?"]
    bound: list[Any] = [kind, call.account]
    if where:
        clauses.append(where)
        bound.extend(values)
    for name in fields:
        if params.get(name) is not None:
            clauses.append(f"doc ->> '$.{name}' = ?")
            bound.append(int(params[name]) if isinstance(params[name], bool) else params[name])
    for sign, moment in params.get("created", {}).items():
        clauses.append(f"created {SIGNS[sign]} ?")
        bound.append(moment)
    limit = min(params.get("limit", 10), 100)
    backwards = "ending_before" in params
    for name, sign in (("starting_after", "<"), ("ending_before", ">")):
        if name in params:
            clauses.append(f"seq {sign} ?")
            bound.append(_position(call, kind, params[name], name))
    order = "ASC" if backwards else "DESC"
    query = f"SELECT doc FROM objects WHERE {' AND '.join(clauses)} ORDER BY seq {order} LIMIT ?"  # noqa: S608 - names come from the specification, values are bound
    rows = call.store.rows(query, (*bound, limit + 1))
    found = rows[:limit]
    return listing(found[::-1] if backwards else found, call.path, len(rows) > limit)


def _position(call: Call, kind: str, id: str, param: str) -> int:
    row = call.store.sql.execute("SELECT seq FROM objects WHERE id = ? AND kind = ?", (id, kind)).fetchone()
    if row is None:
        raise Refusal(f"No such {kind}: '{id}'", code="resource_missing", param=param)
    return int(row[0])
