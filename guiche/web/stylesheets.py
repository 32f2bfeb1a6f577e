"""The order of the CSS files, and the storage that joins, hashes and compresses what the browser loads."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from guiche.web import scripts

CORE = (
    "layers",
    "tokens",
    "base",
    "layout",
    "shells",
    "components/account",
    "components/avatar",
    "components/button",
    "components/canhoto",
    "components/check",
    "components/clock",
    "components/codes",
    "components/composer",
    "components/crumbs",
    "components/device",
    "components/dialog",
    "components/drop",
    "components/empty",
    "components/error-summary",
    "components/facts",
    "components/family",
    "components/field",
    "components/fold",
    "components/form-grid",
    "components/form-section",
    "components/grid",
    "components/kpis",
    "components/ledger",
    "components/listbox",
    "components/notice",
    "components/ordered",
    "components/panel",
    "components/pill",
    "components/popover",
    "components/promise",
    "components/qr",
    "components/ribbon",
    "components/rule",
    "components/segmented",
    "components/severity",
    "components/sla",
    "components/steps",
    "components/stub",
    "components/suggest",
    "components/table",
    "components/tag",
    "components/text",
    "components/timeline",
    "components/toast",
    "components/toolbar",
    "components/views",
    "utilities",
)
AREAS = {
    "portal": ("screens/portal",),
    "desk": ("screens/desk", "screens/desk-work"),
    "manage": ("screens/manage", "screens/manage-calendar"),
    "public": ("screens/public",),
}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")


@lru_cache
def addresses(area: str) -> tuple[str, ...]:
    """Return the addresses of the sheets of `area`: two joined files once they were collected, else one per file."""
    if scripts.are_joined():
        return staticfiles_storage.url("joined/core.css"), staticfiles_storage.url(f"joined/{area}.css")
    return tuple(staticfiles_storage.url(f"css/{name}.css") for name in (*CORE, *AREAS[area]))


def joined(names: tuple[str, ...]) -> str:
    """Return these sheets as one, without comments and indentation."""
    return "\n".join(_squeezed(_source(f"css/{name}.css")) for name in names)


def _squeezed(sheet: str) -> str:
    return _SPACE.sub(" ", _COMMENT.sub("", sheet)).strip()


def _source(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise is not typed
    """Static files with hashed names once collected; under their own names before that (tests, a checkout)."""

    def stored_name(self, name: str) -> str:
        return str(self.hashed_files.get(self.hash_key(self.clean_name(name)), name))

    def url(self, name: str, force: bool = False) -> str:
        return str(super().url(name, force=True))

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        # Any: Django gives pairs of storage and path, and yields names or errors.
        if not dry_run:
            for name, content in _all_joined().items():
                self.delete(name)
                self.save(name, ContentFile(content.encode()))
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)


def _all_joined() -> dict[str, str]:
    sheets = {f"joined/{area}.css": joined(names) for area, names in AREAS.items()}
    return {"joined/core.css": joined(CORE), **sheets, scripts.JOINED: scripts.joined()}
