"""Steps that need not be repeated: a step is stamped with a hash of everything it was made from."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from ops import places


def fingerprint(parts: Iterable[Path | str]) -> str:
    """A hash of texts, of files and of all files below folders (their names and contents)."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            digest.update(part.encode() + b"\0")
            continue
        for file in [part] if part.is_file() else sorted(part.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(places.ROOT)).encode() + b"\0")
                digest.update(file.read_bytes())
    return digest.hexdigest()


def is_fresh(step: str, print_: str, *, products: Iterable[Path] = ()) -> bool:
    stamp = places.STAMPS / step
    return stamp.is_file() and stamp.read_text() == print_ and all(product.exists() for product in products)


def put(step: str, print_: str) -> None:
    places.STAMPS.mkdir(parents=True, exist_ok=True)
    (places.STAMPS / step).write_text(print_)


def forget(step: str) -> None:
    (places.STAMPS / step).unlink(missing_ok=True)
