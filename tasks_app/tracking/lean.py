"""POST /api/v1/pings with a ping key, straight on WSGI: no middleware, session or form stands between the batch and its
one statement (docs/decisions). The same operation with a token or a session goes through the API as any other."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from marketplace.kit.errors import DomainError
from tasks_app.tracking.errors import BadBatch
from tasks_app.tracking.intake import PingReceipt
from tasks_app.tracking.keys import read_key
from tasks_app.tracking.services import accept_pings_with_key

PATH = "/api/v1/pings"
SCHEME = "Ping "
MAX_BYTES = 64 * 1024

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Application = Callable[..., Iterable[bytes]]  # (environ, start_response), as PEP 3333 has it

_PHRASES = {200: "200 OK", 401: "401 Unauthorized", 409: "409 Conflict", 413: "413 Content Too Large",
            422: "422 Unprocessable Content", 429: "429 Too Many Requests"}  # fmt: skip


def with_lean_pings(application: Application) -> Application:
    """The application, with batches of pings answered before it."""

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if (
            environ["PATH_INFO"] == PATH
            and environ["REQUEST_METHOD"] == "POST"
            and environ.get("HTTP_AUTHORIZATION", "").startswith(SCHEME)
        ):
            return _answer(environ, start_response)
        return application(environ, start_response)

    return answer


def _answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    try:
        key = read_key(environ["HTTP_AUTHORIZATION"][len(SCHEME) :])
        status, body = receipt_answer(accept_pings_with_key(key=key, batch=_body(environ)))
    except DomainError as error:
        status, body = error.status, {"code": error.code, "message": error.sentence}
    content = json.dumps(body, separators=(",", ":")).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(content))),
        ("Cache-Control", "no-store"),
    ]
    if status == 429:
        headers.append(("Retry-After", "60"))
    start_response(_PHRASES[status], headers)
    return [content]


def _body(environ: Environ) -> Any:
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if not 0 < length <= MAX_BYTES:
            raise BadBatch
        return json.loads(environ["wsgi.input"].read(length))
    except (ValueError, RecursionError) as error:
        raise BadBatch from error


def receipt_answer(receipt: PingReceipt) -> tuple[int, dict[str, Any]]:
    """Status and body of an accepted batch: the client forgets every point that is not refused for a flood."""
    body = {
        "stored": receipt.stored,
        "duplicates": receipt.duplicates,
        "refused": [{"id": point.client_id, "reason": point.reason} for point in receipt.refused],
    }
    return (429 if receipt.flooded else 200), body
