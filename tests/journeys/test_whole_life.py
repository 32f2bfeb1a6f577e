"""A ticket's whole life: from the invitation of a customer to the approval of the second solution."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.files import samples
from tests.journeys.browsing import Crowd, Product, address_in, open_ticket, say, settle

pytestmark = pytest.mark.journey

PASSWORD = "relatorio-azul-2026"
NINA = "nina@acme.example"
ANA = "ana@lume.example"


def test_a_ticket_lives_from_invitation_to_approval(crowd: Crowd, product: Product, elisa: str, tmp_path: Path) -> None:
    picture = tmp_path / "tela-do-erro.png"
    picture.write_bytes(samples.picture())

    with crowd.window(elisa) as page:
        page.goto(f"/administracao/organizacoes/{product.ids['acme']}/")
        page.get_by_role("link", name="Convidar pessoa").click()
        page.get_by_label("Nome completo").fill("Nina Nunes")
        page.get_by_label("E-mail do trabalho").fill(NINA)
        page.get_by_role("button", name="Enviar convite").click()
        expect(page.get_by_role("link", name="Nina Nunes", exact=True)).to_be_visible()

    with crowd.window() as nina, crowd.window(ANA) as ana:
        nina.goto(address_in(product.letter_to(NINA, "Seu acesso")))
        nina.locator("input[name=password]").fill(PASSWORD)
        nina.get_by_role("button", name="Salvar senha e entrar").click()
        nina.wait_for_url(product.address + "/")

        number = open_ticket(nina, "Imagens demoram a abrir", files=[picture])
        assert f"/chamados/{number}/" in product.letter_to(NINA, f"[#{number}]")
        ana.goto("/notificacoes/")
        ana.get_by_role("link", name="Nina abriu um chamado").click()
        ana.wait_for_url(f"**/mesa/chamados/{number}/")
        expect(ana.get_by_text("tela-do-erro.png").first).to_be_visible()
        ana.get_by_role("button", name="Assumir").first.click()
        settle(ana)
        say(ana, "Bom dia, Nina. Já estou olhando.", "Enviar")
        product.letter_to(NINA, f"[#{number}] Ana respondeu")

        say(ana, "Reinicie o serviço de imagens.", "Enviar e pedir validação")
        letter = product.letter_to(NINA, f"[#{number}] Ana entregou uma solução")
        nina.goto(address_in(letter))
        expect(nina.get_by_text("Reinicie o serviço de imagens.")).to_be_visible()
        nina.get_by_role("link", name="Reprovar").click()
        dialog = nina.get_by_role("dialog")
        dialog.get_by_role("button", name="Reprovar").click()
        expect(dialog.get_by_role("alert")).to_be_visible()
        dialog.locator("textarea").fill("Reiniciei e continua lento.")
        dialog.get_by_role("button", name="Reprovar").click()
        expect(nina.get_by_text("Reiniciei e continua lento.")).to_be_visible()
        assert "Reiniciei e continua lento." in product.letter_to(ANA, f"[#{number}] Nina reprovou")

        ana.goto(f"/mesa/chamados/{number}/")
        say(ana, "Troquei o disco do servidor.", "Enviar e pedir validação")
        expect(ana.get_by_text("Troquei o disco do servidor.").first).to_be_visible()
        nina.goto(f"/chamados/{number}/")
        nina.get_by_role("button", name="Aprovar solução").click()
        expect(nina.get_by_text("Solução aprovada")).to_be_visible()
        expect(nina.get_by_text("Fechado").first).to_be_visible()
        product.letter_to(ANA, f"[#{number}] Nina aprovou")
