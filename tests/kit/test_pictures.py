"""What people upload is checked before it is decoded and comes out as pixels only."""

import io
import resource
import struct
import zlib

import pytest
from PIL import Image

from marketplace.kit.pictures import NotAPicture, PictureTooHeavy, PictureTooLarge, clean_picture

SECRET = b"CANARY-59.9386-30.3141"


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(width: int = 64, height: int = 32, kind: str = "JPEG", **options: object) -> bytes:
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (0, 0, width // 2, height))
    return encoded(image, kind, **options)


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims any size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 9)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_accepted_format_comes_out_as_webp_with_a_thumbnail(kind: str) -> None:
    picture = clean_picture(photo(1200, 600, kind), max_side=1000, thumbnail_side=100)
    assert (picture.full.width, picture.full.height) == (1000, 500)
    assert (picture.thumbnail.width, picture.thumbnail.height) == (100, 50)
    assert Image.open(io.BytesIO(picture.full.data)).format == "WEBP"
    assert picture.full.content_type == "image/webp"


def test_metadata_and_anything_behind_the_picture_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    raw = photo(exif=exif, comment=SECRET) + b"PK\x03\x04<script>" + SECRET
    for encoding in ("webp", "jpeg"):
        picture = clean_picture(raw, encoding=encoding)  # type: ignore[arg-type]
        assert SECRET not in picture.full.data + picture.thumbnail.data
        assert b"<script>" not in picture.full.data
        assert not Image.open(io.BytesIO(picture.full.data)).getexif()


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = clean_picture(photo(exif=exif)).full
    assert (upright.width, upright.height) == (32, 64)
    assert Image.open(io.BytesIO(upright.data)).convert("RGB").getpixel((16, 5))[2] > 200  # the blue half is on top


def test_what_was_transparent_becomes_white() -> None:
    clear = encoded(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG")
    pixel = Image.open(io.BytesIO(clean_picture(clear).full.data)).convert("RGB").getpixel((10, 10))
    assert min(pixel) > 250


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"%PDF-1.7",
        b"GIF89a" + b"\0" * 40,
        photo()[:120],
        photo(kind="PNG")[:60],
        photo(kind="WEBP")[:40],
        encoded(Image.new("RGB", (8, 8)), "TIFF"),
        encoded(Image.new("RGB", (8, 8)), "BMP"),
        png_claiming(500, 500),
        png_claiming(0, 5),
    ],
)
def test_what_is_no_whole_picture_of_an_accepted_format_is_refused(raw: bytes) -> None:
    with pytest.raises(NotAPicture):
        clean_picture(raw)


@pytest.mark.parametrize("width,height", [(60_000, 60_000), (2**31 - 1, 2**31 - 1), (10_000, 9_000)])
def test_a_bomb_is_refused_by_its_header_alone(width: int, height: int) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(PictureTooLarge):
        clean_picture(png_claiming(width, height))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


def test_a_heavy_file_is_refused_and_never_read_whole() -> None:
    class Counting(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1, /) -> bytes:
            part = super().read(size)
            self.taken += len(part)
            return part

    heavy = Counting(b"\xff" * 3_000_000)
    with pytest.raises(PictureTooHeavy, match="picture_too_heavy"):
        clean_picture(heavy, max_bytes=1024 * 1024)
    assert heavy.taken == 1024 * 1024 + 1
