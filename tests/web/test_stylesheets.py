"""guiche/web/stylesheets.py and the sheets themselves."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from guiche.web import scripts, stylesheets

CSS = Path(settings.BASE_DIR) / "guiche/web/static/css"
LISTED = [*stylesheets.CORE, *(name for names in stylesheets.AREAS.values() for name in names)]
# What belongs to a colour, outside a mask (where black only means "shown").
COLOUR = re.compile(r"oklch\(|rgb|hsl|#(?!0000|000\b|seta)[0-9a-f]{3,8}\b", re.IGNORECASE)


class TestOrder:
    def test_lists_every_sheet_once(self) -> None:
        existing = {str(path.relative_to(CSS).with_suffix("")) for path in CSS.rglob("*.css")}

        assert set(LISTED) == existing
        assert len(LISTED) == len(set(LISTED))

    def test_begins_with_the_layers(self) -> None:
        assert stylesheets.CORE[0] == "layers"


@pytest.mark.parametrize("name", LISTED)
class TestSheet:
    def test_writes_no_colour_but_tokens(self, name: str) -> None:
        text = re.sub(r"url\([^)]*\)", "", (CSS / f"{name}.css").read_text())

        assert name == "tokens" or not COLOUR.search(text)

    def test_does_not_shout(self, name: str) -> None:
        shouted = re.findall(r"[^;{}]*!important", (CSS / f"{name}.css").read_text())

        assert shouted == ([" display: none !important"] if name == "base" else [])

    def test_puts_everything_in_a_layer(self, name: str) -> None:
        text = stylesheets.joined((name,))

        assert text.startswith("@layer ")

    def test_balances_its_braces(self, name: str) -> None:
        text = stylesheets.joined((name,))

        assert text.count("{") == text.count("}")

    def test_fits_a_page_or_so(self, name: str) -> None:
        assert len((CSS / f"{name}.css").read_text().splitlines()) <= 165


class TestWeight:
    def test_core_area_and_scripts_leave_room_for_the_page(self) -> None:
        sheets = [stylesheets.joined(stylesheets.CORE), stylesheets.joined(stylesheets.AREAS["portal"])]
        htmx = Path(str(finders.find(scripts.HTMX))).read_bytes()
        parts = [*(sheet.encode() for sheet in sheets), scripts.joined().encode(), htmx]

        weight = sum(len(gzip.compress(part, 6)) for part in parts)

        assert weight <= 48 * 1024  # of the 60 KB of the first page; the rest is for its HTML


class TestStorage:
    def test_gives_plain_names_before_anything_was_collected(self, tmp_path: Path) -> None:
        storage = stylesheets.Storage(location=tmp_path, base_url="/static/")

        assert "joined/core.css" not in storage.hashed_files
        assert storage.url("css/base.css") == "/static/css/base.css"

    def test_joins_hashes_and_compresses_what_is_collected(self, tmp_path: Path) -> None:
        storage = stylesheets.Storage(location=tmp_path, base_url="/static/")

        done = list(storage.post_process({}))

        assert {"joined/core.css", "joined/desk.css", scripts.JOINED} <= set(storage.hashed_files)
        address = storage.url("joined/core.css")
        assert re.fullmatch(r"/static/joined/core\.[0-9a-f]{12}\.css", address)
        file = tmp_path / address.removeprefix("/static/")
        assert file.read_text().startswith("@layer reset, tokens")
        assert gzip.decompress((tmp_path / f"{file}.gz").read_bytes()).startswith(b"@layer reset")
        assert not [error for *_, error in done if isinstance(error, Exception)]
        assert storage.url(scripts.JOINED) != f"/static/{scripts.JOINED}"
