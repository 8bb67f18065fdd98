"""Pictures from people: checked before they are decoded, turned upright, stripped of metadata and encoded anew.

What comes out was written by us pixel by pixel, so nothing hidden in the file that came in (a position, a script,
a second file behind the first) reaches the storage.
"""

import io
import struct
import warnings
from dataclasses import dataclass
from typing import IO, Final, Literal
from zlib import error as ZlibError

from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from marketplace.kit.errors import DomainError

MAX_BYTES: Final = 15 * 1024 * 1024
# What a decoder may hold at once (about 200 MB): a JPEG is reduced while it is decoded, a PNG is not, and a WebP is
# held several times over. Four channels weigh more than three.
MAX_PIXELS: Final = {"JPEG": 50_000_000, "MPO": 50_000_000, "PNG": 32_000_000, "WEBP": 10_000_000}
MAX_PIXELS_OF_FOUR_CHANNELS: Final = {**MAX_PIXELS, "JPEG": 20_000_000, "MPO": 20_000_000, "PNG": 16_000_000}
MAX_SIDE: Final = 2000
THUMBNAIL_SIDE: Final = 480
QUALITY: Final = 82
_ACCEPTED: Final = ("JPEG", "PNG", "WEBP")
_BROKEN: Final = (
    OSError, ValueError, TypeError, SyntaxError, EOFError, KeyError, IndexError, ArithmeticError, MemoryError,
    struct.error, ZlibError, UnidentifiedImageError,
)  # fmt: skip

# EXIF 2.32, tag 0x0112: what turns a stored picture upright.
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Encoding = Literal["webp", "jpeg"]


class PictureTooHeavy(DomainError):
    """More bytes than a picture may have."""

    code = "picture_too_heavy"
    status = 422
    message = _("This file is larger than %(megabytes)s MB. Choose a smaller picture.")


class PictureTooLarge(DomainError):
    """More pixels than we are ready to decode."""

    code = "picture_too_large"
    status = 422
    message = _("This picture has more than %(megapixels)s megapixels. Choose a smaller one.")


class NotAPicture(DomainError):
    """Another kind of file, or a damaged one."""

    code = "not_a_picture"
    status = 422
    message = _("We could not open this file as a picture. Send a JPEG, PNG or WebP photo.")


@dataclass(frozen=True, slots=True)
class Encoded:
    """`data` in the encoding of `content_type`; width and height in pixels."""

    data: bytes
    width: int
    height: int
    content_type: str
    extension: str


@dataclass(frozen=True, slots=True)
class Picture:
    full: Encoded
    thumbnail: Encoded


def clean_picture(
    source: bytes | IO[bytes],
    *,
    max_side: int = MAX_SIDE,
    thumbnail_side: int = THUMBNAIL_SIDE,
    encoding: Encoding = "webp",
    max_bytes: int = MAX_BYTES,
) -> Picture:
    """Check and re-encode an uploaded JPEG, PNG or WebP; sides in pixels, the longer one is bounded.

    `source` may be Django's UploadedFile. Raises PictureTooHeavy, PictureTooLarge, NotAPicture.
    """
    stream = _bounded(source, max_bytes)
    try:
        upright = _decode(stream, max_side)
    except _BROKEN as error:
        raise NotAPicture from error
    small = upright.copy()
    small.thumbnail((thumbnail_side, thumbnail_side), Image.Resampling.LANCZOS)
    return Picture(_encode(upright, encoding), _encode(small, encoding))


def _bounded(source: bytes | IO[bytes], max_bytes: int) -> io.BytesIO:
    """At most one byte more than allowed is ever read."""
    if not isinstance(source, bytes):
        source.seek(0)
        source = source.read(max_bytes + 1)
    if len(source) > max_bytes:
        raise PictureTooHeavy(megabytes=max_bytes // (1024 * 1024))
    return io.BytesIO(source)


def _decode(stream: io.BytesIO, max_side: int) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we ask for the size ourselves, more strictly
        try:
            image = Image.open(stream, formats=_ACCEPTED)
        except Image.DecompressionBombError as error:
            raise PictureTooLarge(megapixels=MAX_PIXELS["JPEG"] // 1_000_000) from error
    table = MAX_PIXELS_OF_FOUR_CHANNELS if len(image.getbands()) > 3 else MAX_PIXELS
    allowed = table[image.format or ""]
    if image.width * image.height > allowed:
        raise PictureTooLarge(megapixels=allowed // 1_000_000)
    turn = _turn_of(image)
    image.draft("RGB", (max_side, max_side))
    image.load()
    image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    flat = _flatten(image)
    return flat.transpose(turn) if turn is not None else flat


def _flatten(image: Image.Image) -> Image.Image:
    """Plain RGB; what was transparent becomes white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGB", layer.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256).convert("L").convert("RGB")
    return image.convert("RGB")


def _turn_of(image: Image.Image) -> Image.Transpose | None:
    """How the camera was held; a damaged EXIF block says nothing."""
    try:
        return _TURNS.get(image.getexif().get(0x0112, 1))
    except _BROKEN:
        return None


def _encode(image: Image.Image, encoding: Encoding) -> Encoded:
    bare = Image.new("RGB", image.size)  # a new image carries none of the old one's metadata
    bare.paste(image)
    out = io.BytesIO()
    if encoding == "webp":
        bare.save(out, "WEBP", quality=QUALITY, method=4)
    else:
        bare.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    extension = "webp" if encoding == "webp" else "jpg"
    return Encoded(out.getvalue(), bare.width, bare.height, f"image/{encoding}", extension)
