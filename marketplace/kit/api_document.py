"""What the OpenAPI document says of every operation: how it refuses, and the key that those with an effect ask for."""

from typing import Any, Final

from ninja import NinjaAPI
from ninja.errors import ValidationError, ValidationErrorContext
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.types import DictStrAny

KEY_LENGTHS: Final = (8, 64)
KEY_PARAMETER: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "Made by the app for one action of the person. The same key again gives the first answer and no second effect.",
    "schema": {"type": "string", "minLength": KEY_LENGTHS[0], "maxLength": KEY_LENGTHS[1]},
}
REFUSAL: Final = {
    "title": "Refusal",
    "type": "object",
    "required": ["code", "message"],
    "properties": {
        "code": {"type": "string", "description": "Stable, for the app"},
        "message": {"type": "string", "description": "A sentence for the person, in the language of Accept-Language"},
        "field": {"type": "string", "description": "The value that was refused, where it is one"},
        "details": {
            "type": "array",
            "description": "Of a body or query without the documented shape: each field and why",
            "items": {
                "type": "object",
                "required": ["field", "reason"],
                "properties": {
                    "field": {
                        "type": "string",
                        "description": "Its name in the body or query, `points.0.lat` inside a list",
                    },
                    "reason": {"type": "string"},
                },
            },
        },
    },
}
_REFUSED: Final = {
    "description": "Refused; nothing was changed",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
}
_BROKEN: Final = {
    "description": "`unexpected`: something broke here. `try_later`: try again in a minute. Nothing was changed by a call"
    " with an Idempotency-Key: send it again with the same key.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
}


def document_key(operation: Operation) -> None:
    """Say in the document that the operation asks for an Idempotency-Key."""
    extra = operation.openapi_extra or {}
    operation.openapi_extra = {**extra, "parameters": [*extra.get("parameters", []), KEY_PARAMETER]}


class DocumentedAPI(NinjaAPI):
    """Its document names the one shape of all refusals at each operation; refused fields have the names of the document."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: DictStrAny | None = None
    ) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schema["components"]["schemas"]["Refusal"] = REFUSAL
        operations: list[dict[str, Any]] = [op for path in schema["paths"].values() for op in path.values()]
        for operation in operations:
            known = {str(status): response for status, response in operation["responses"].items()}
            operation["responses"] = {**known, "4XX": _REFUSED, "5XX": _BROKEN}
        return schema

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        """Places of errors without the names of parameters, which only this code knows."""
        lines: list[dict[str, Any]] = []
        for context in error_contexts:
            parameter = getattr(context.model, "__read_from_single_attr__", None)
            for line in super().validation_error_from_error_contexts([context]).errors:
                source, *names = line["loc"]
                names = names[1:] if names and names[0] == parameter else names
                lines.append({**line, "loc": tuple(names) or (source,)})
        return ValidationError(lines)
