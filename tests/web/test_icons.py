"""guiche/web/icons.py."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings

from guiche.web import icons, jinja
from guiche.workflows.stages import Family

TEMPLATES = Path(settings.BASE_DIR) / "guiche/web/templates"


class TestIcon:
    def test_draws_our_own(self) -> None:
        assert 'class="icon"' in icons.icon("bell")
        assert 'aria-hidden="true"' in icons.icon("bell")

    def test_takes_the_rest_from_lucide(self) -> None:
        assert "<path" in icons.icon("archive", "sm")
        assert 'class="icon icon--sm"' in icons.icon("archive", "sm")

    def test_raises_for_an_unknown_name(self) -> None:
        with pytest.raises(icons.NoSuchIcon, match="no-such-drawing"):
            icons.icon("no-such-drawing")

    def test_is_well_formed_for_every_name_of_ours(self) -> None:
        for name in icons._own():
            ElementTree.fromstring(icons.icon(name))

    def test_knows_every_name_that_templates_write(self) -> None:
        written = {
            name for path in TEMPLATES.rglob("*.html") for name in re.findall(r'\bicon\("([\w-]+)"', path.read_text())
        }

        assert written
        for name in written:
            icons.icon(name)


class TestGlyph:
    @pytest.mark.parametrize("family", list(Family))
    def test_draws_every_family_with_its_tone(self, family: Family) -> None:
        assert f'data-tone="{jinja.TONES[family]}"' in icons.glyph(family, jinja.TONES[family])


class TestBars:
    @pytest.mark.parametrize("lit", [1, 2, 3, 4])
    def test_lights_as_many_as_asked(self, lit: int) -> None:
        assert icons.bars(lit).count('class="on"') == lit
