"""What every letter shows of the provider."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation

from guiche.installation import models as installation
from guiche.mail.colour import brand_hex


def brand() -> dict[str, Any]:
    """Return what `letters/_frame.html` and the templates inside of it show of us, in the active language."""
    row = installation.current()
    return {
        "address": settings.ADDRESS,
        "provider": row.full_name,
        "support": row.email,
        "signature": row.signature.splitlines(),
        "colour": brand_hex(float(row.brand_hue), float(row.brand_chroma)),
        "language": translation.get_language(),
    }
