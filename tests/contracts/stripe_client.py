"""What the installed official client knows of Stripe: operations with their parameters, resources with their fields.

Read from the client's own sources and types, which are generated from Stripe's OpenAPI description: nothing here is written by hand.
"""

import ast
import functools
import importlib
import inspect
import re
import typing
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NotRequired, Required, Union, get_args, get_origin

import stripe
import typing_extensions
from stripe import RequestOptions, StripeObject

HOME = Path(stripe.__file__).parent
Operation = tuple[str, str]


def normal(path: str) -> str:
    """`/v1/refunds/{refund}` and `/v1/refunds/{id}` are the same path."""
    return re.sub(r"\{\w+\}", "{}", path)


@functools.cache
def operations() -> dict[Operation, type]:
    """(method, path) → the TypedDict of its parameters, over all services of the client."""
    found: dict[Operation, type] = {}
    for file in HOME.rglob("_*_service.py"):
        if "v2" not in file.parts:
            for operation, name in _operations_of(file):
                found.setdefault(operation, params_class(name))
    return found


def _operations_of(file: Path) -> Iterator[tuple[Operation, str]]:
    for node in ast.walk(ast.parse(file.read_text())):
        if not isinstance(node, ast.FunctionDef):
            continue
        named = re.search(r"'(\w+Params)'|\"(\w+Params)\"", ast.unparse(node.args))
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "self._request" and named:
                method = ast.literal_eval(call.args[0])
                path = next(
                    part.value
                    for part in ast.walk(call.args[1])
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                )
                yield (method.upper(), normal(path)), named[1] or named[2]


@functools.cache
def params_class(name: str) -> type:
    for package in ("stripe.params", "stripe.params.checkout", "stripe.params.test_helpers"):
        module = importlib.import_module(package)
        if name in getattr(module, "_import_map", {}) or hasattr(module, name):
            found: type = getattr(module, name)
            return found
    return dict


def fields(params: type) -> dict[str, Any]:
    """Names and annotations of a TypedDict's parameters, its bases' too."""
    names = names_of(params)
    options = RequestOptions.__annotations__
    hints: dict[str, Any] = {}
    for base in reversed(_bases(params)):
        own = {name: note for name, note in inspect.get_annotations(base).items() if name not in options}
        hints |= {name: _resolved(note, names) for name, note in own.items()}
    return hints


def _bases(params: type) -> list[type]:
    inherited = [
        base
        for base in getattr(params, "__orig_bases__", ())
        if getattr(base, "__annotations__", None) and base.__name__ != "RequestOptions"
    ]
    return [params, *inherited]


def _resolved(annotation: Any, names: dict[str, Any]) -> Any:
    """Forward references opened, NotRequired and the like taken off."""
    if isinstance(annotation, typing.ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        return _resolved(eval(annotation, names), names)  # noqa: S307 - the client's own annotations
    if get_origin(annotation) in (NotRequired, Required, typing_extensions.NotRequired, typing_extensions.Required):
        return _resolved(get_args(annotation)[0], names)
    return annotation


def nested(annotation: Any, names: dict[str, Any]) -> list[type]:
    """The TypedDicts that a parameter may be (through lists and unions)."""
    annotation = _resolved(annotation, names)
    if isinstance(annotation, type) and hasattr(annotation, "__total__"):
        return [annotation]
    found: list[type] = []
    for part in get_args(annotation):
        if part is not annotation:
            found += nested(part, names) if not isinstance(part, str) or part in names else _words(part, names)
    return found


def _words(text: str, names: dict[str, Any]) -> list[type]:
    try:
        return nested(text, names)
    except (NameError, SyntaxError):
        return []


def names_of(params: type) -> dict[str, Any]:
    module = inspect.getmodule(params)
    return {
        **vars(typing),
        **vars(typing_extensions),
        **vars(module or stripe),
        "UntypedStripeObject": dict,
        "Dict": dict,
        "List": list,
    }


@functools.cache
def resources() -> dict[str, type[StripeObject]]:
    """`object` name → the client's class of it."""
    module: ModuleType = importlib.import_module("stripe._object_classes")
    known = dict(module.OBJECT_CLASSES)
    classes: dict[str, type[StripeObject]] = {}
    for name, entry in known.items():
        classes[name] = getattr(importlib.import_module(entry[0]), entry[1]) if isinstance(entry, tuple) else entry
    return classes


@functools.cache
def classes() -> dict[str, Any]:
    """All names that annotations of resources use."""
    found: dict[str, Any] = {**vars(typing), **vars(typing_extensions)}
    for name in sorted(
        resources(), key=lambda name: (name.count(".") > 0, not name.startswith(("checkout.", "test_helpers.")))
    ):
        found.setdefault(resources()[name].__name__, resources()[name])
    found |= {"CardResource": found.get("Card"), "DiscountResource": found.get("Discount")}
    return found


def problems(value: Any, annotation: Any, where: str) -> list[str]:
    """How a value of an answer differs from its annotation; [] when it does not."""
    if isinstance(annotation, typing.ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        if annotation not in classes():
            return _by_object(value, where)
        annotation = classes()[annotation]
    origin = get_origin(annotation)
    if annotation is Any:
        return []
    if origin is Union or (origin and "Union" in str(origin)):
        return _any_of(value, annotation, where)
    if origin is typing.Literal or str(origin).endswith("Literal"):
        return [] if value in get_args(annotation) else [f"{where}: {value!r} is none of {get_args(annotation)}"]
    if origin in (list, list):
        if not isinstance(value, list):
            return [f"{where}: {value!r} is not a list"]
        return [
            problem
            for at, item in enumerate(value)
            for problem in problems(item, get_args(annotation)[0], f"{where}[{at}]")
        ]
    if origin is not None and isinstance(origin, type) and issubclass(origin, StripeObject):
        return _container(value, origin, get_args(annotation), where)
    if isinstance(annotation, type) and issubclass(annotation, StripeObject):
        return object_problems(value, annotation, where)
    return _plain(value, annotation, where)


def _any_of(value: Any, annotation: Any, where: str) -> list[str]:
    options = get_args(annotation)
    if value is None:
        return [] if type(None) in options else [f"{where}: null, but never null at Stripe"]
    tried = [problems(value, option, where) for option in options if option is not type(None)]
    return min(tried, key=lambda found: (len(found), "is not" in "".join(found)))


def _container(value: Any, origin: type, inner: tuple[Any, ...], where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is not an object"]
    if origin.__name__ == "ListObject":
        missing = [f"{where}: no {name}" for name in ("object", "data", "has_more", "url") if name not in value]
        return missing + [
            problem
            for at, item in enumerate(value.get("data", []))
            for problem in problems(item, inner[0], f"{where}.data[{at}]")
        ]
    return []


def _plain(value: Any, annotation: Any, where: str) -> list[str]:
    if getattr(annotation, "__name__", "") == "Decimal":
        good = isinstance(value, str)
    elif annotation is float:
        good = isinstance(value, int | float)
    elif annotation is int:
        good = isinstance(value, int) and not isinstance(value, bool)
    elif isinstance(annotation, type):
        good = isinstance(value, annotation)
    else:
        good = True
    return [] if good else [f"{where}: {value!r} is not {annotation}"]


def _by_object(value: Any, where: str) -> list[str]:
    kind = resources().get(value.get("object", "")) if isinstance(value, dict) else None
    return object_problems(value, kind, where) if kind else []


def object_problems(value: Any, kind: type[StripeObject], where: str) -> list[str]:
    """Every field that is never null is there, every field that is there is known and of its type."""
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is not a {kind.__name__}"]
    if kind.__name__ == "UntypedStripeObject":
        return []
    hints: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        if base is not StripeObject and issubclass(base, StripeObject):
            hints |= {name: note for name, note in inspect.get_annotations(base).items() if "ClassVar" not in str(note)}
    if value.get("deleted"):
        return []
    found = [
        f"{where}: no {name}"
        for name, note in hints.items()
        if name not in value and not _optional(note) and not name.startswith("_")
    ]
    for name, item in value.items():
        if name not in hints:
            found.append(f"{where}: {name} is unknown to Stripe")
        else:
            found += problems(item, hints[name], f"{where}.{name}")
    return found


def _optional(annotation: Any) -> bool:
    return type(None) in get_args(annotation)


def nested_words(annotation: Any) -> list[str]:
    """All words of the Literals in an annotation."""
    if str(get_origin(annotation)).endswith("Literal"):
        return [str(word) for word in get_args(annotation)]
    return [word for part in get_args(annotation) for word in nested_words(part)]
