"""Paper: what is printed, or saved as PDF. Layouts are typst files beside this module; data is text, never markup."""

import json
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import typst
from django.utils.translation import gettext as _

from guiche.core.errors import Refused

FOLDER = Path(__file__).parent
WAITS_SECONDS = 3.0
# Setting a sheet takes a processor for up to a second: never as many at once as pages are answered.
_places = BoundedSemaphore(2)


class Busy(Refused):
    """Too many sheets are being set at this moment."""


def as_pdf(sheet: str, data: dict[str, Any]) -> bytes:
    """Return the sheet `<sheet>.typ` filled with `data`, an accessible PDF; values are shown as text. Raises Busy."""
    if not _places.acquire(timeout=WAITS_SECONDS):
        raise Busy(_("Several PDFs are being made at this moment. Try again in a few seconds."))
    try:
        inputs = {"data": json.dumps(data, ensure_ascii=False)}
        return typst.compile(FOLDER / f"{sheet}.typ", root=FOLDER, sys_inputs=inputs)
    finally:
        _places.release()
