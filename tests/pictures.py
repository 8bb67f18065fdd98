"""Small pictures for uploads."""

import io

from PIL import Image


def jpeg(width: int = 64, height: int = 48) -> bytes:
    """A real, plain JPEG."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), (120, 160, 140)).save(file, "JPEG")
    return file.getvalue()
