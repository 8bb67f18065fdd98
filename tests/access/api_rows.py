"""The operations of the API, with bodies that would do something if they were let through."""

from tests.access.rows import SIGNED_IN, Row, call

OPERATIONS: list[Row] = [
    call("GET /wallet", SIGNED_IN),
]
