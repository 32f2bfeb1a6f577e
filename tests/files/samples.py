"""Small real files of every kind, made here."""

import io
import struct
import zipfile
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.PngImagePlugin import PngInfo

PLACE = "CANARY-RUA-DAS-FLORES"


def picture(name: str = "PNG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((20, 20, 220), (0, 0, size[0] // 2, size[1] // 2))  # blue in the upper left corner
    image.save(out, name, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    facts = Image.Exif()
    facts[0x0112] = orientation
    facts[0x010E] = PLACE
    facts[0x8825] = {1: "S", 2: (19.0, 55.0, 0.0), 3: "W", 4: (43.0, 56.0, 0.0)}
    return facts


def photo_with_place(orientation: int = 1) -> bytes:
    """A photograph of 40 × 20 that says where it was taken."""
    return picture("JPEG", exif=exif(orientation), comment=PLACE.encode(), quality=95) + PLACE.encode()


def png_with_place() -> bytes:
    notes = PngInfo()
    notes.add_text("Location", PLACE)
    notes.add_itxt("XML:com.adobe.xmp", PLACE)
    return picture("PNG", pnginfo=notes, exif=exif()) + PLACE.encode()


def webp_with_place() -> bytes:
    return picture("WEBP", exif=exif(), xmp=PLACE.encode())


def png_bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A few bytes that say they are 2,500 million pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zipped(*names: str, first: tuple[str, str] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if first:
            archive.writestr(*first)
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def upload(content: bytes, name: str = "nota.txt") -> SimpleUploadedFile:
    made = SimpleUploadedFile("file", content)
    made._name = name  # as it would arrive by another door, before Django's form cleaned it
    return made
