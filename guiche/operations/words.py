"""Say things to whoever runs the installation, in Portuguese, before Django is loaded."""

import gettext as catalogs
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "locale"
LANGUAGE = "pt_BR"


def gettext(text: str) -> str:
    """Return `text` in the operator's language; unchanged while the catalogue is not compiled.

    Django's own gettext needs the settings and every app, and the settings need the
    database that the operator's commands are about to start.
    """
    return _catalog().gettext(text)


def forget() -> None:
    """Read the catalogue again at the next word: it has just been compiled."""
    _catalog.cache_clear()


@cache
def _catalog() -> catalogs.NullTranslations:
    return catalogs.translation("django", FOLDER, languages=[LANGUAGE], fallback=True)
