"""A person looks after their own account: photo, open sessions."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from guiche.files.picture import PHOTO_LIMIT
from tests.files import samples
from tests.journeys.browsing import Crowd, sign_in

pytestmark = pytest.mark.journey

CARLA = "carla@bela.example"


def test_a_photo_past_the_limit_is_refused_as_it_is_chosen(crowd: Crowd, tmp_path: Path) -> None:
    large, right = tmp_path / "férias.jpg", tmp_path / "retrato.jpg"
    large.write_bytes(b"\xff\xd8\xff" + b"0" * PHOTO_LIMIT)
    right.write_bytes(samples.photo_with_place())
    with crowd.window(CARLA) as page:
        page.goto("/perfil/foto/")
        page.get_by_label("Foto", exact=True).set_input_files(large)
        expect(page.get_by_role("alert")).to_contain_text(["“férias.jpg” é grande demais: o limite é 5 MB."])
        expect(page.get_by_label("Foto", exact=True)).to_have_value("")

        page.get_by_label("Foto", exact=True).set_input_files(right)
        expect(page.locator("file-limit [role=alert]")).to_be_hidden()
        page.get_by_role("button", name="Salvar foto").click()
        expect(page.get_by_text("Foto trocada.")).to_be_visible()


def test_a_session_that_is_ended_elsewhere_is_over(crowd: Crowd) -> None:
    with crowd.window() as here, crowd.window() as there:
        sign_in(here, CARLA)
        sign_in(there, CARLA)
        here.goto("/perfil/sessoes/")
        here.get_by_role("button", name=re.compile("Encerrar as? outra")).click()
        expect(here.get_by_text("As outras sessões foram encerradas.")).to_be_visible()

        there.get_by_role("link", name="Chamados", exact=True).first.click()
        there.wait_for_url(re.compile("/entrar/"))
        here.goto("/chamados/")
        expect(here.get_by_role("heading", name="Chamados", level=1)).to_be_visible()
    crowd.forget(CARLA)
