import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from guiche.audit.models import Entry
from guiche.core.errors import NotAllowed
from guiche.files.models import StoredFile
from guiche.installation import actions
from guiche.installation import models as installation
from guiche.installation.actions import BrandRefused

NOON = datetime(2026, 11, 18, 15, tzinfo=UTC)


def change(by, **values):
    return actions.change(values, by=by, at=NOON)


def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, "PNG")
    return ContentFile(out.getvalue(), name="marca.png")


class TestChange:
    def test_is_seen_at_once(self, elisa):
        assert installation.current().name == "Guichê"

        change(elisa, name="Lume", tagline="Suporte", brand_hue="30", brand_chroma="0.12", reopening_days=7)

        row = installation.current()
        assert (row.full_name, row.brand_hue, row.brand_chroma, row.reopening_days) == (
            "Lume Suporte",
            30,
            Decimal("0.12"),
            7,
        )

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("name", " "),
            ("name", "x" * 81),
            ("brand_hue", 361),
            ("brand_hue", "teal"),
            ("brand_chroma", "0.5"),
            ("brand_chroma", "x"),
            ("email", "suporte"),
            ("ticket_prefix", "12"),
            ("ticket_prefix", "<b>"),
            ("time_zone", "Brasilia"),
            ("reopening_days", -1),
            ("reopening_days", 91),
        ],
    )
    def test_refuses_beside_the_field_and_changes_nothing(self, elisa, name, value):
        with pytest.raises(BrandRefused) as refusal:
            change(elisa, phone="(11) 4000-0000", **{name: value})

        assert list(refusal.value.fields) == [name]
        assert installation.current().phone == ""

    def test_records_only_what_changed(self, elisa):
        change(elisa, name="Lume", phone="")

        assert Entry.objects.get(act="installation.changed").details == {"name": "Lume"}

    def test_knows_its_own_columns_only(self, elisa):
        with pytest.raises(TypeError):
            change(elisa, id=2)

    @pytest.mark.parametrize("who", ["ana", "beatriz", "olga"])
    def test_is_for_administrators(self, who, request):
        with pytest.raises(NotAllowed):
            change(request.getfixturevalue(who), name="Meu")
        with pytest.raises(NotAllowed):
            actions.set_logo(None, by=request.getfixturevalue(who), at=NOON)


class TestLogo:
    def test_is_kept_and_held(self, elisa):
        row = actions.set_logo(picture(), by=elisa, at=NOON)

        assert row.logo.is_picture
        assert not StoredFile.objects.unheld().filter(pk=row.logo_id).exists()

    def test_must_be_a_picture(self, elisa):
        with pytest.raises(BrandRefused):
            actions.set_logo(ContentFile(b"palavras", name="marca.txt"), by=elisa, at=NOON)

        assert installation.current().logo_id is None

    def test_can_be_removed(self, elisa):
        actions.set_logo(picture(), by=elisa, at=NOON)

        assert actions.set_logo(None, by=elisa, at=NOON).logo is None
