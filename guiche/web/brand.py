"""The installation's hue and chroma on a page: one `<style>` element, allowed by its hash in the policy header."""

from base64 import b64encode
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256

from django.http import HttpRequest
from markupsafe import Markup

from guiche.installation import models as installation

# What css/tokens.css already says.
DEFAULT_HUE = 195
DEFAULT_CHROMA = Decimal("0.075")


def style(request: HttpRequest) -> Markup:
    """Return the `<style>` element of the installation's brand, and tell the policy header to allow it.

    Nothing for the default brand, whose numbers are in the sheet.
    """
    row = installation.current()
    hue, chroma = int(row.brand_hue), Decimal(row.brand_chroma)
    if (hue, chroma) == (DEFAULT_HUE, DEFAULT_CHROMA):
        return Markup("")
    rule, source = _rule(hue, chroma)
    request.style_source = source  # type: ignore[attr-defined]  # read by middleware.SecurityHeaders
    return Markup("<style>") + Markup(rule) + Markup("</style>")  # noqa: S704  # two numbers


@lru_cache(maxsize=16)
def _rule(hue: int, chroma: Decimal) -> tuple[str, str]:
    """Return the rule and the source expression that allows exactly its text."""
    rule = f":root{{--brand-h:{hue};--brand-c:{chroma.normalize():f}}}"
    return rule, f"'sha256-{b64encode(sha256(rule.encode()).digest()).decode()}'"
