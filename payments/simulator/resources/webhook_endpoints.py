"""Webhook endpoints: who hears of what."""

from payments.simulator.calls import Call, merged, update
from payments.simulator.errors import Invalid
from payments.simulator.listing import page
from payments.simulator.routes import operation
from payments.simulator.shapes import API_VERSION, Obj, random_text
from payments.simulator.spec import FLAG, METADATA, NOTHING, TEXT, List, accepts, pages


@operation(
    "POST", "/v1/webhook_endpoints",
    accepts(("enabled_events", "url"), enabled_events=List(TEXT), url=TEXT, api_version=TEXT, connect=FLAG, description=TEXT, metadata=METADATA),
)  # fmt: skip
def create(call: Call) -> Obj:
    given = call.params
    _check(given["url"])
    secret = f"whsec_{random_text(32)}"
    endpoint = call.new(
        "webhook_endpoint", "we",
        api_version=given.get("api_version", API_VERSION), application=None, description=given.get("description"),
        enabled_events=given["enabled_events"], metadata=merged({}, given.get("metadata") or {}), status="enabled", url=given["url"],
        _secret=secret, _connect=given.get("connect", False),
    )  # fmt: skip
    return call.add(endpoint) | {"secret": secret}


def _check(url: str) -> None:
    if not url.startswith(("http://", "https://")):
        raise Invalid(
            "Invalid URL: An explicit scheme (such as https) must be provided.", code="url_invalid", param="url"
        )


@operation("GET", "/v1/webhook_endpoints/{id}", accepts())
def retrieve(call: Call) -> Obj:
    return call.at("webhook_endpoint")


@operation(
    "POST",
    "/v1/webhook_endpoints/{id}",
    accepts(enabled_events=List(TEXT), url=TEXT, description=TEXT, disabled=FLAG, metadata=METADATA),
)
def modify(call: Call) -> Obj:
    given = {name: value for name, value in call.params.items() if name != "expand"}
    if "url" in given:
        _check(given["url"])
    if "disabled" in given:
        given["status"] = "disabled" if given.pop("disabled") else "enabled"
    return update(call, call.at("webhook_endpoint"), **given)


@operation("DELETE", "/v1/webhook_endpoints/{id}", NOTHING)
def delete(call: Call) -> Obj:
    endpoint = call.at("webhook_endpoint")
    call.store.remove(endpoint["id"])
    return {"id": endpoint["id"], "object": "webhook_endpoint", "deleted": True}


@operation("GET", "/v1/webhook_endpoints", pages())
def list_all(call: Call) -> Obj:
    return page(call, "webhook_endpoint")
