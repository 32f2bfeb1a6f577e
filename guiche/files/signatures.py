"""What a file is, found from its bytes; and whether its name says something else. Pure."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

HEAD = 4096
DIRECTORY_READ = 256 * 1024  # of a zip's list of contents: enough for an office file, bounded for a bomb


class Family(Enum):
    PICTURE = "picture"
    PDF = "pdf"
    OFFICE = "office"
    OLD_OFFICE = "old_office"
    ZIP = "zip"
    ARCHIVE = "archive"
    MEDIA = "media"
    LETTER = "letter"
    TEXT = "text"
    MARKUP = "markup"
    PROGRAM = "program"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Kind:
    """A kind of content: its MIME type as we serve it, its family, and its name for people."""

    mime: str
    family: Family
    label: "_StrPromise"


PNG = Kind("image/png", Family.PICTURE, _("a PNG picture"))
JPEG = Kind("image/jpeg", Family.PICTURE, _("a JPEG picture"))
GIF = Kind("image/gif", Family.PICTURE, _("a GIF picture"))
WEBP = Kind("image/webp", Family.PICTURE, _("a WebP picture"))
HEIC = Kind("image/heic", Family.PICTURE, _("a HEIC picture"))
AVIF = Kind("image/avif", Family.PICTURE, _("an AVIF picture"))
BMP = Kind("image/bmp", Family.PICTURE, _("a BMP picture"))
TIFF = Kind("image/tiff", Family.PICTURE, _("a TIFF picture"))
PDF = Kind("application/pdf", Family.PDF, _("a PDF"))
DOCX = Kind(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Family.OFFICE, _("a text document")
)
XLSX = Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Family.OFFICE, _("a spreadsheet"))
PPTX = Kind(
    "application/vnd.openxmlformats-officedocument.presentationml.presentation", Family.OFFICE, _("a presentation")
)
ODF = Kind("application/vnd.oasis.opendocument", Family.OFFICE, _("an OpenDocument file"))
OLE = Kind("application/x-ole-storage", Family.OLD_OFFICE, _("an office document"))
ZIP = Kind("application/zip", Family.ZIP, _("a ZIP archive"))
GZIP = Kind("application/gzip", Family.ARCHIVE, _("a GZIP archive"))
SEVEN_ZIP = Kind("application/x-7z-compressed", Family.ARCHIVE, _("a 7-Zip archive"))
RAR = Kind("application/vnd.rar", Family.ARCHIVE, _("a RAR archive"))
MP4 = Kind("video/mp4", Family.MEDIA, _("a video"))
MOV = Kind("video/quicktime", Family.MEDIA, _("a video"))
WEBM = Kind("video/webm", Family.MEDIA, _("a video"))
AVI = Kind("video/x-msvideo", Family.MEDIA, _("a video"))
MP3 = Kind("audio/mpeg", Family.MEDIA, _("a sound recording"))
M4A = Kind("audio/mp4", Family.MEDIA, _("a sound recording"))
WAV = Kind("audio/wav", Family.MEDIA, _("a sound recording"))
OGG = Kind("audio/ogg", Family.MEDIA, _("a sound recording"))
LETTER = Kind("message/rfc822", Family.LETTER, _("an e-mail"))
TEXT = Kind("text/plain", Family.TEXT, _("a text"))
# Never under a type that a browser would run: these two are downloads without a type.
HTML = Kind("application/octet-stream", Family.MARKUP, _("a web page"))
SVG = Kind("application/octet-stream", Family.MARKUP, _("an SVG drawing"))
PROGRAM = Kind("application/octet-stream", Family.PROGRAM, _("a program"))
UNKNOWN = Kind("application/octet-stream", Family.UNKNOWN, _("a file of an unknown kind"))

# The only formats that are ever decoded.
DECODED = frozenset({PNG, JPEG, GIF, WEBP})
# May hold a place and a date that we cannot take out without decoding them.
UNCLEANABLE = frozenset({HEIC, AVIF})

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"\x1f\x8b", GZIP),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (b"Rar!\x1a\x07", RAR),
    (b"\x1a\x45\xdf\xa3", WEBM),
    (b"OggS", OGG),
    (b"ID3", MP3),
    (b"\xff\xfb", MP3),
    (b"\xff\xf3", MP3),
    (b"\xff\xf2", MP3),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"\x7fELF", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),  # Java class, or Mach-O for several processors
    (b"\xfe\xed\xfa\xce", PROGRAM),
    (b"\xfe\xed\xfa\xcf", PROGRAM),
    (b"\xce\xfa\xed\xfe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"dex\n", PROGRAM),
    (b"L\x00\x00\x00\x01\x14\x02\x00", PROGRAM),  # a Windows shortcut runs what it points to
    (b"#!", PROGRAM),
)
_RIFF = {b"WEBP": WEBP, b"AVI ": AVI, b"WAVE": WAV}
_FTYP = {b"qt  ": MOV, b"M4A ": M4A, b"avif": AVIF, b"avis": AVIF} | dict.fromkeys(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), HEIC
)
_OFFICE = (
    (b"word/", DOCX),
    (b"xl/", XLSX),
    (b"ppt/", PPTX),
)
_HTML = re.compile(
    r"<(!doctype\s+html|html|head|body|script|iframe|h1|div|font|table|a|style|title|b|br|p|img|form|meta|link|base"
    r"|object|embed|input|video|audio)[\s>/]",
    re.IGNORECASE,
)
_XHTML = re.compile(r"<(\w+:)?(html|script)[\s>/]", re.IGNORECASE)
_SVG = re.compile(r"<(\w+:)?svg[\s>/]", re.IGNORECASE)
_LETTER = re.compile(
    r"\A(received|return-path|delivered-to|message-id|mime-version|from|to|date|subject|x-[\w-]+|dkim-signature"
    r"|arc-[\w-]+|authentication-results|reply-to|content-type):[ \t]",
    re.IGNORECASE,
)
_HEADER_LINES = re.compile(r"^(from|date|subject|message-id|mime-version):[ \t]", re.IGNORECASE | re.MULTILINE)
_NOT_TEXT = re.compile(r"[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]")

# What an extension promises. A name that is not here promises nothing.
_PROMISES: dict[frozenset[str], frozenset[Family]] = {
    frozenset(
        ["png", "jpg", "jpeg", "jpe", "jfif", "gif", "webp", "heic", "heif", "avif", "bmp", "tif", "tiff"]
    ): frozenset({Family.PICTURE}),
    frozenset(["pdf"]): frozenset({Family.PDF}),
    # A document with a password is an old office container, whatever its name.
    frozenset(["docx", "xlsx", "pptx", "docm", "xlsm", "pptm", "odt", "ods", "odp"]): frozenset(
        {Family.OFFICE, Family.OLD_OFFICE}
    ),
    # Many programs write a page or a text and call it .xls or .doc.
    frozenset(["doc", "xls", "ppt", "rtf"]): frozenset({Family.OLD_OFFICE, Family.OFFICE, Family.TEXT, Family.MARKUP}),
    frozenset(["msg"]): frozenset({Family.OLD_OFFICE}),
    frozenset(
        ["mp4", "m4v", "mov", "webm", "avi", "mkv", "3gp", "mp3", "wav", "m4a", "ogg", "oga", "ogv", "aac"]
    ): frozenset({Family.MEDIA, Family.UNKNOWN}),
    frozenset(["zip"]): frozenset({Family.ZIP, Family.OFFICE}),
    frozenset(["7z", "rar", "gz", "tgz"]): frozenset({Family.ARCHIVE}),
    frozenset(["eml"]): frozenset({Family.LETTER, Family.TEXT}),
}
_PROMISED = {extension: families for names, families in _PROMISES.items() for extension in names}

# What Windows runs on a double click, whatever is inside.
_RUNNING = "exe com scr pif bat cmd msi msp vbs vbe js jse wsf wsh hta ps1 lnk reg cpl jar chm scf url dll sys apk"
_RUNS_BY_NAME = frozenset(_RUNNING.split())


def recognize(content: BinaryIO) -> Kind:
    """Return what `content` is, from its bytes alone. Reads its head, and of a zip the list of contents, no more."""
    content.seek(0)
    head = content.read(HEAD)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(content)
    return _kind_by_signature(head) or _kind_of_text(head) or UNKNOWN


def contradicts(name: str, kind: Kind) -> bool:
    """Say whether the extension of `name` promises something that `kind` is not."""
    promised = _PROMISED.get(extension(name))
    return promised is not None and kind.family not in promised


def is_program(name: str, kind: Kind) -> bool:
    """Say whether this would run on somebody's machine when opened."""
    return kind.family is Family.PROGRAM or extension(name) in _RUNS_BY_NAME


def extension(name: str) -> str:
    """Return the extension of a cleaned file name, lower case, without the dot; empty when it has none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _kind_by_signature(head: bytes) -> Kind | None:
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _FTYP.get(head[8:12], MP4)
    if head[:2] == b"MZ" and len(head) >= 64 and not _decoded(head):
        return PROGRAM
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return BMP
    return next((kind for start, kind in _STARTS if head.startswith(start)), None)


def _kind_of_zip(content: BinaryIO) -> Kind:
    """Return what a zip is from the names in it, without unpacking anything."""
    names = _directory_of_zip(content)
    if b"[Content_Types].xml" in names:
        return next((kind for folder, kind in _OFFICE if folder in names), ZIP)
    content.seek(30)
    if content.read(8) == b"mimetype" and b"vnd.oasis.opendocument" in content.read(80):
        return ODF
    if b"META-INF/MANIFEST.MF" in names or b"AndroidManifest.xml" in names:
        return PROGRAM
    return ZIP


def _directory_of_zip(content: BinaryIO) -> bytes:
    """Return the first bytes of the central directory; empty when there is none to be found."""
    end = content.seek(0, 2)
    content.seek(max(0, end - 65_557))
    tail = content.read()
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or len(tail) < found + 22:
        return b""
    size = int.from_bytes(tail[found + 12 : found + 16], "little")
    start = max(0, end - len(tail) + found - size)
    content.seek(start)
    return content.read(min(size, DIRECTORY_READ))


def _kind_of_text(head: bytes) -> Kind | None:
    text = _decoded(head)
    if not text:
        return PDF if b"%PDF-" in head[:1024] else None  # readers accept a few stray bytes before it
    start = re.sub(r"\A(\s|<!--.*?-->)+", "", text, flags=re.DOTALL)
    if _SVG.search(text):
        return SVG
    if _HTML.match(start) or start.startswith("<!--") or (start.startswith("<?") and _XHTML.search(text)):
        return HTML
    if _LETTER.match(text) and _HEADER_LINES.search(text):
        return LETTER
    return TEXT


def _decoded(head: bytes) -> str:
    """Return the head as text in UTF-8, UTF-16 (marked) or Windows' Latin; empty when it is none of them."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    else:
        try:
            text = head.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            cut_short = error.start > len(head) - 4 and len(head) == HEAD
            text = head[: error.start].decode("utf-8-sig") if cut_short else head.decode("cp1252", errors="replace")
    return "" if _NOT_TEXT.search(text) or text.count("\ufffd") > len(text) // 20 else text
