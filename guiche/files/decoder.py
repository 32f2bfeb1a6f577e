"""Decodes one picture, in a process of its own with little memory and time. Run as a script; imports nothing of ours.

Reads a picture on standard input. Writes one line of JSON (width, height, and the sizes of what follows), then the
picture without what a camera wrote into it, then a thumbnail. Exits with TOO_MANY_PIXELS or NOT_A_PICTURE otherwise.
"""

import io
import json
import resource
import struct
import sys

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 8
LARGEST_SIDE = 20_000
MAX_PIXELS = 50_000_000
THUMBNAIL_SIDE = 480
NOT_A_PICTURE = 3
TOO_MANY_PIXELS = 4
# All that a PNG or WebP needs to be shown. The rest (place, date, author, comments, what was appended) is left behind.
PNG_CHUNKS = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs cICP acTL fcTL fdAT".split())
WEBP_CHUNKS = frozenset([b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP"])
WEBP_FLAGS_OF_METADATA = 0x0C
ORIENTATION = 0x0112


def limit_ourselves() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def open_picture(content: bytes) -> Image.Image:
    """Return the picture, decoded. Exits when it is not one or is too large; the size is read before any decoding."""
    picture = Image.open(io.BytesIO(content), formats=FORMATS)
    if picture.width * picture.height > MAX_PIXELS or max(picture.size) > LARGEST_SIDE:
        sys.exit(TOO_MANY_PIXELS)
    picture.load()
    return picture


def without_metadata(picture: Image.Image, content: bytes) -> bytes:
    """Return the picture as a browser shows it, without place, date, camera or anything appended to it."""
    turned = picture.getexif().get(ORIENTATION, 1) not in (0, 1)
    if picture.format == "PNG" and not turned:
        return keep_png_chunks(content)
    if picture.format == "WEBP" and not turned:
        return keep_webp_chunks(content)
    if picture.format == "GIF":
        return content
    upright = ImageOps.exif_transpose(picture) if turned else picture
    if turned or picture.format != "JPEG":
        return saved(upright, "PNG" if picture.format == "PNG" else "JPEG", quality=92)
    return saved(picture, "JPEG", quality="keep")  # the same tables: nothing is lost by writing it again


def saved(picture: Image.Image, name: str, **options: object) -> bytes:
    out = io.BytesIO()
    if name == "JPEG" and picture.mode not in ("RGB", "L", "CMYK"):
        picture = picture.convert("RGB")
    profile = picture.info.get("icc_profile")
    if name == "JPEG":
        picture.info.pop("comment", None)
    picture.save(out, name, exif=b"", icc_profile=profile, **options)
    return out.getvalue()


def keep_png_chunks(content: bytes) -> bytes:
    kept, at = [content[:8]], 8
    while at + 12 <= len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        name = content[at + 4 : at + 8]
        if name in PNG_CHUNKS:
            kept.append(content[at : at + 12 + length])
        at += 12 + length
        if name == b"IEND":
            break
    return b"".join(kept)


def keep_webp_chunks(content: bytes) -> bytes:
    kept, at = [], 12
    while at + 8 <= len(content):
        name = content[at : at + 4]
        (length,) = struct.unpack("<I", content[at + 4 : at + 8])
        end = at + 8 + length + length % 2
        if name == b"VP8X":
            flags = content[at + 8] & ~WEBP_FLAGS_OF_METADATA
            kept.append(content[at : at + 8] + bytes([flags]) + content[at + 9 : end])
        elif name in WEBP_CHUNKS:
            kept.append(content[at:end])
        at = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def thumbnail(picture: Image.Image) -> bytes:
    small = in_eight_bits(picture).copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return as_webp(ImageOps.exif_transpose(small))


def upright_size(picture: Image.Image) -> tuple[int, int]:
    """Return width and height as the picture is shown, without turning it: that would take its memory once more."""
    lies_on_its_side = picture.getexif().get(ORIENTATION, 1) in (5, 6, 7, 8)
    return (picture.height, picture.width) if lies_on_its_side else picture.size


def square(picture: Image.Image, side: int) -> bytes:
    """Return the middle of the picture as a square of `side` pixels."""
    return as_webp(ImageOps.fit(ImageOps.exif_transpose(in_eight_bits(picture)), (side, side)))


def in_eight_bits(picture: Image.Image) -> Image.Image:
    """Return a picture of 16 bits (scans, X-rays) as one that WebP can hold; any other as it is."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")


def as_webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    alpha = picture.has_transparency_data
    picture.convert("RGBA" if alpha else "RGB").save(out, "WEBP", quality=80, method=4, exif=b"", icc_profile=None)
    return out.getvalue()


def main(side: int) -> None:
    limit_ourselves()
    content = sys.stdin.buffer.read()
    try:
        picture = open_picture(content)
        cleaned, small = (b"", square(picture, side)) if side else (without_metadata(picture, content), b"")
        width, height = upright_size(picture)
        small = small or thumbnail(picture)
    except Image.DecompressionBombError:
        sys.exit(TOO_MANY_PIXELS)
    except Exception:  # Decoders raise anything at all on hostile bytes; this process is the edge.
        sys.exit(NOT_A_PICTURE)
    facts = {"width": width, "height": height, "cleaned": len(cleaned), "small": len(small)}
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + cleaned + small)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
