"""Icons as inline SVG: our own symbols first, then those of the lucide wheel."""

import re
from functools import cache
from pathlib import Path

from lucide import IconDoesNotExist
from lucide.jinja import lucide
from markupsafe import Markup

SOURCE = Path(__file__).with_name("icons.svg")
_SYMBOL = re.compile(r'<symbol id="([^"]+)" viewBox="([^"]+)">(.*?)</symbol>')
_SIZES = {"": "icon", "sm": "icon icon--sm"}
_LIT = ' class="on"'


class NoSuchIcon(LookupError):
    """Neither our file nor the lucide wheel has an icon of this name."""


@cache
def icon(name: str, size: str = "") -> Markup:
    """Return the icon as an inline element that screen readers skip. `size`: "" or "sm".

    Raises NoSuchIcon for a name that neither source knows.
    """
    box, drawing = _drawing(name)
    return Markup(f'<svg class="{_SIZES[size]}" viewBox="{box}" aria-hidden="true">{drawing}</svg>')  # noqa: S704  # our file


@cache
def glyph(family: str, tone: str = "") -> Markup:
    """Return the glyph of a status family (`workflows.stages.Family`), in its own tone when one is given."""
    box, drawing = _drawing(f"status-{family}")
    own_tone = f' data-tone="{tone}"' if tone else ""
    return Markup(f'<svg{own_tone} viewBox="{box}" aria-hidden="true">{drawing}</svg>')  # noqa: S704  # our file


@cache
def brand_mark() -> Markup:
    box, drawing = _drawing("brand")
    return Markup(f'<svg viewBox="{box}" aria-hidden="true">{drawing}</svg>')  # noqa: S704  # our file


@cache
def bars(lit: int) -> Markup:
    """Return the four bars of a severity with `lit` of them on."""
    rectangles = "".join(
        f'<rect{_LIT if number < lit else ""} x="{number * 6}" y="{13 - number * 4}"'
        f' width="4" height="{5 + number * 4}" rx="1"/>'
        for number in range(4)
    )
    return Markup(f'<svg class="bars" viewBox="0 0 22 18" aria-hidden="true">{rectangles}</svg>')  # noqa: S704  # ours


def _drawing(name: str) -> tuple[str, str]:
    if name in _own():
        return _own()[name]
    try:
        whole = str(lucide(name, size=None))
    except IconDoesNotExist as missing:
        raise NoSuchIcon(name) from missing
    return "0 0 24 24", re.sub(r"^<svg[^>]*>|</svg>$", "", whole).strip()


@cache
def _own() -> dict[str, tuple[str, str]]:
    return {name: (box, drawing) for name, box, drawing in _SYMBOL.findall(SOURCE.read_text(encoding="utf-8"))}
