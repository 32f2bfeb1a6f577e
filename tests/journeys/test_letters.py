"""An administrator rewrites a letter: sees it while typing, tries it on themselves, keeps it and takes it back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.browsing import Crowd, Product

pytestmark = pytest.mark.journey

AT = "/administracao/avisos/equipe-nota-interna/pt-br/"


def heading(page: Page) -> Locator:
    return page.frame_locator("iframe.letter").get_by_role("heading", level=1)


def test_the_letter_is_seen_while_it_is_typed_tried_and_kept(crowd: Crowd, product: Product, elisa: str) -> None:
    with crowd.window(elisa) as page:
        page.goto(AT)
        page.get_by_label("Assunto").fill("Recado de {autor}: {titulo}")
        expect(page.locator("#previa")).to_contain_text("Recado de Sônia: Imagens demoram a abrir")
        expect(heading(page)).to_have_text("Recado de Sônia: Imagens demoram a abrir")

        page.get_by_label("Texto de abertura").fill("Oi, {nome}")
        expect(page.locator("#previa")).to_contain_text("“{nome}” não está na lista")
        page.get_by_label("Texto de abertura").fill("Oi, {pessoa}")
        expect(page.locator("#previa iframe")).to_be_visible()
        page.get_by_role("button", name="Enviar teste para mim").click()
        expect(page.get_by_text(f"Teste enviado para {elisa}")).to_be_visible()
        assert "Oi, Rafael" in product.letter_to(elisa, "Recado de Sônia")

        page.get_by_role("button", name="Salvar texto").click()
        expect(page.get_by_role("heading", name="Últimas mudanças")).to_be_visible()
        page.get_by_role("button", name="Restaurar o texto original").click()
        expect(page.get_by_role("button", name="Retomar o meu texto")).to_be_visible()


def test_without_scripts_too(crowd: Crowd, elisa: str) -> None:
    with crowd.window(elisa, java_script_enabled=False) as page:
        page.goto("/administracao/avisos/equipe-resposta/pt-br/")
        page.get_by_label("Assunto").fill("{autor} escreveu")
        page.get_by_role("button", name="Ver prévia").click()

        expect(page.locator("#previa")).to_contain_text("Célia escreveu")
        expect(page.get_by_label("Assunto")).to_have_value("{autor} escreveu")
