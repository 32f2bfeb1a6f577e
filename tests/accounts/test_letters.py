"""The look of the letters about access."""

import pytest

from guiche.accounts import letters
from guiche.accounts.models import User
from guiche.installation import models as installation
from guiche.mail.colour import brand_hex
from guiche.mail.models import OutgoingMail
from tests.factories.tickets import NOON

pytestmark = pytest.mark.django_db


def test_has_the_brand_of_the_provider(bruno: User) -> None:
    row = {"name": "Lume", "tagline": "Suporte", "brand_hue": 27, "signature": "Equipe Lume\nDe segunda a sexta"}
    installation.Installation.objects.update_or_create(pk=1, defaults=row)
    installation.forget()

    letters.send_plain(bruno, "k", subject="Aviso", paragraphs=["Olá"], button="Abrir", path="/perfil/", at=NOON)

    [letter] = OutgoingMail.objects.filter(recipient=bruno.email)
    assert f"background:{brand_hex(27, float(installation.current().brand_chroma))}" in letter.html
    assert "Equipe Lume<br>De segunda a sexta" in letter.html
    assert "Equipe Lume\nDe segunda a sexta" in letter.text
