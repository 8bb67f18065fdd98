"""More than forty files that somebody might send in place of a photo. Made here, byte by byte."""

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image, PngImagePlugin

CANARY = b"CANARY-55.7520-37.6176"


def _encoded(kind: str, size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _png(width: int, height: int, pixels: bytes, *more: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [_chunk(b"IHDR", header), *more, _chunk(b"IDAT", pixels), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _gps_exif() -> bytes:
    exif = Image.Exif()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (55.0, 45.0, 7.2), "E", (37.0, 37.0, 3.36)
    exif[0x010E] = CANARY.decode()  # description
    exif[0x9286] = CANARY  # a comment
    exif[0x0112] = 6  # held upright
    return exif.tobytes()


def _xmp() -> bytes:
    return b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><exif:GPSLatitude>" + CANARY + b"</exif:GPSLatitude></x:xmpmeta>"


def _jpeg_segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _jpeg_with(*segments: bytes) -> bytes:
    plain = _encoded("JPEG")
    return plain[:2] + b"".join(segments) + plain[2:]


def _png_text() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", CANARY.decode(), zip=True)
    info.add_itxt("XML:com.adobe.xmp", _xmp().decode())
    return _encoded("PNG", pnginfo=info)


def _png_text_bomb() -> bytes:
    """A compressed text chunk of a few kilobytes that unpacks to 64 MB."""
    return _png(8, 8, zlib.compress(b"\0" * 8 * 25), _chunk(b"zTXt", b"a\0\0" + zlib.compress(b"A" * 64_000_000, 1)))


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../etc/passwd", CANARY)
    return out.getvalue()


def _noise(length: int, seed: int) -> bytes:
    return random.Random(seed).randbytes(length)


def _flipped(raw: bytes, seed: int) -> bytes:
    damaged, dice = bytearray(raw), random.Random(seed)
    for _ in range(60):
        damaged[dice.randrange(20, len(damaged))] = dice.randrange(256)
    return bytes(damaged)


SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"
XXE = b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>"
LAUGHS = b"<!DOCTYPE l [<!ENTITY a 'ha'>" + b"".join(
    f"<!ENTITY a{i} '{'&a%s;' % (i - 1 if i > 1 else '') * 10}'>".encode() for i in range(1, 9)
)

# name the sender gives → what is in it
FILES: dict[str, Callable[[], bytes]] = {
    # not pictures at all
    "empty.jpg": lambda: b"",
    "one-byte.jpg": lambda: b"\xff",
    "text.jpg": lambda: b"not a photo",
    "page.html": lambda: b"<html><script>alert(1)</script></html>",
    "page-as.jpg": lambda: b"<html><script>alert(1)</script></html>",
    "vector.svg": lambda: SVG,
    "vector-as.png": lambda: SVG,
    "entities.svg": lambda: XXE,
    "laughs.svg": lambda: LAUGHS,
    "program.jpg.exe": lambda: b"MZ" + _noise(4000, 1),
    "program-as.jpg": lambda: b"\x7fELF" + _noise(4000, 2),
    "script.php.jpg": lambda: b"<?php system($_GET['c']); ?>",
    "document.pdf": lambda: b"%PDF-1.7\n" + CANARY + b"\n%%EOF",
    "archive.zip": _zip,
    "archive-as.png": _zip,
    "zeros.png": lambda: b"\0" * 100_000,
    "noise.jpg": lambda: _noise(100_000, 3),
    "gzip-bomb.jpg": lambda: gzip.compress(b"\0" * 20_000_000),
    # other picture formats
    "moving.gif": lambda: _encoded("GIF"),
    "old.bmp": lambda: _encoded("BMP"),
    "scan.tiff": lambda: _encoded("TIFF"),
    "icon.ico": lambda: _encoded("ICO"),
    "print.eps": lambda: _encoded("EPS"),
    "postscript.jpg": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(/etc/passwd) (r) file\n",
    # names that try to leave the folder, or to be something else
    "../../../../etc/cron.d/job.jpg": lambda: _encoded("JPEG"),
    "..\\..\\windows\\system32\\a.jpg": lambda: _encoded("JPEG"),
    "/etc/passwd": lambda: _encoded("JPEG"),
    "a.jpg\0.php": lambda: _encoded("JPEG"),
    "con.jpg": lambda: _encoded("JPEG"),
    "ф" * 200 + ".jpg": lambda: _encoded("JPEG"),
    "<img src=x onerror=alert(1)>.jpg": lambda: _encoded("JPEG"),
    # bombs: small files that claim to be enormous
    "claims-gigapixels.png": lambda: _png(60_000, 60_000, zlib.compress(b"\0" * 100)),
    "claims-the-most.png": lambda: _png(2**31 - 1, 2**31 - 1, zlib.compress(b"\0" * 100)),
    "no-size.png": lambda: _png(0, 0, zlib.compress(b"")),
    "deflate-bomb.png": lambda: _png(3_000, 3_000, zlib.compress(b"\0" * 3_000 * 9_001, 1)),
    "text-bomb.png": _png_text_bomb,
    "strip.jpg": lambda: _encoded("JPEG", (65_000, 16)),
    # truncated and damaged
    "half.jpg": lambda: _encoded("JPEG", (640, 480))[:2_000],
    "half.png": lambda: _encoded("PNG", (640, 480))[:700],
    "half.webp": lambda: _encoded("WEBP", (640, 480))[:60],
    "head-only.png": lambda: b"\x89PNG\r\n\x1a\n",
    "head-only.jpg": lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "head-only.webp": lambda: b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "damaged-1.jpg": lambda: _flipped(_encoded("JPEG", (320, 240)), 11),
    "damaged-2.jpg": lambda: _flipped(_encoded("JPEG", (320, 240)), 12),
    "damaged.png": lambda: _flipped(_encoded("PNG", (320, 240)), 13),
    "damaged.webp": lambda: _flipped(_encoded("WEBP", (320, 240)), 14),
    "bad-length.png": lambda: _encoded("PNG").replace(b"IDAT", b"IDAX"),
    # pictures that carry something
    "gps.jpg": lambda: _encoded("JPEG", exif=_gps_exif()),
    "gps.webp": lambda: _encoded("WEBP", exif=_gps_exif()),
    "gps.png": lambda: _encoded("PNG", exif=_gps_exif()),
    "xmp.jpg": lambda: _jpeg_with(_jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _xmp())),
    "iptc.jpg": lambda: _jpeg_with(_jpeg_segment(0xED, b"Photoshop 3.0\0" + CANARY)),
    "comment.jpg": lambda: _jpeg_with(_jpeg_segment(0xFE, CANARY)),
    "broken-exif.jpg": lambda: _jpeg_with(_jpeg_segment(0xE1, b"Exif\0\0II*\0" + _noise(60, 4) + CANARY)),
    "text.png": _png_text,
    "profile.jpg": lambda: _encoded("JPEG", icc_profile=CANARY * 4),
    "picture-then-zip.jpg": lambda: _encoded("JPEG") + _zip(),
    "picture-then-page.png": lambda: _encoded("PNG") + b"<script>alert(1)</script>" + CANARY,
    "picture-then-php.jpg": lambda: _encoded("JPEG") + b"<?php echo 1; ?>" + CANARY,
    "gif-and-script.jpg": lambda: b"GIF89a/*" + CANARY + b"*/=1;alert(1)",
}
