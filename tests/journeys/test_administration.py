"""An administrator reaches every button of a long list, with the mouse."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Crowd

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("width", [1280, 390])
def test_buttons_of_a_row_are_not_covered_by_its_link(crowd: Crowd, elisa: str, width: int) -> None:
    with crowd.window(elisa, viewport={"width": width, "height": 844}) as page:
        page.goto("/administracao/organizacoes/")
        page.get_by_role("link", name="Bela", exact=True).click()

        page.get_by_role("button", name="Retirar: Carla Campos").click()
        expect(page.get_by_text("Pessoa retirada da organização")).to_be_visible()

        page.get_by_role("button", name="Trazer de volta: Carla Campos").click()
        expect(page.get_by_text("Pessoa trazida de volta")).to_be_visible()


def test_a_row_moved_by_keyboard_keeps_the_focus(crowd: Crowd, elisa: str) -> None:
    with crowd.window(elisa) as page:
        page.goto("/administracao/formularios/")
        page.get_by_role("button", name="Descer Falha técnica").focus()

        page.keyboard.press("Enter")
        expect(page.locator("#aviso")).to_have_text("Falha técnica, 2 de 4")
        expect(page.get_by_role("button", name="Descer Falha técnica")).to_be_focused()

        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#aviso")).to_have_text("Falha técnica, 1 de 4")
        expect(page.get_by_role("button", name="Descer Falha técnica")).to_be_focused()  # it is the first: no way up

        page.reload()
        expect(page.locator(".slist").first.get_by_role("listitem").first).to_contain_text("Falha técnica")
