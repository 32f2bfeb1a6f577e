"""Paper: what is printed, or saved as PDF. Layouts are typst files beside this module; data is text, never markup."""

import json
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).parent


def as_pdf(sheet: str, data: dict[str, Any]) -> bytes:
    """Return the sheet `<sheet>.typ` filled with `data`, as an accessible PDF. Values are shown as text."""
    return typst.compile(
        FOLDER / f"{sheet}.typ", root=FOLDER, sys_inputs={"data": json.dumps(data, ensure_ascii=False)}
    )
