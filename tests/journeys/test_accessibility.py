"""axe finds nothing on any screen, wide and narrow, light and dark."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.browsing import Crowd, Product, deliver_solution, open_ticket, settle

pytestmark = pytest.mark.journey

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
EVERYTHING = {"resultTypes": ["violations"]}
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}

SCREENS = {
    "": """
        /entrar/ /primeiro-acesso/ /senha/ /cadastro/ /acessibilidade/ /privacidade/ /primeiro-acesso/nada-disso/
    """,
    "bruno@acme.example": """
        / /chamados/ /chamados/?ver=todos /validar/ /busca/?q=imagens /chamados/novo/ /chamados/novo/falha-tecnica/
        /chamados/novo/duvida/ /chamados/{open}/ /chamados/{judged}/ /chamados/{judged}/passos/{reject}/
        /chamados/{open}/contato/ /chamados/{open}/compartilhar/ /chamados/{open}/aberto/ /chamados/{open}/imprimir/
        /notificacoes/ /perfil/ /perfil/foto/ /perfil/senha/ /perfil/seguranca/ /perfil/sessoes/ /perfil/aparencia/
        /perfil/avisos/ /perfil/seguranca/aplicativo/ /perfil/seguranca/chaves/nova/ /nada-aqui/
    """,
    "beatriz@acme.example": """
        /organizacao/pessoas/ /organizacao/pessoas/nova/ /organizacao/pessoas/importar/ /organizacao/pessoas/pedidos/
        /organizacao/pessoas/{place}/ /organizacao/dominios/
    """,
    "ana@lume.example": """
        /mesa/ /mesa/filas/ /mesa/fila/suporte/ /mesa/fila/suporte/{open}/ /mesa/chamados/ /mesa/chamados/novo/
        /mesa/busca/?q=imagens /mesa/chamados/{open}/ /mesa/chamados/{judged}/ /mesa/chamados/{open}/responsavel/
        /mesa/chamados/{open}/transferir/ /mesa/chamados/{open}/gravidade/ /mesa/chamados/{open}/classificacao/
        /mesa/chamados/{open}/solicitante/ /mesa/chamados/{open}/contato/ /mesa/chamados/{open}/participantes/
        /mesa/clientes/ /mesa/clientes/{acme}/ /mesa/pessoas/{bruno}/
    """,
    "elisa@lume.example": """
        /administracao/ /administracao/pessoas/ /administracao/pessoas/nova/ /administracao/pessoas/{bruno}/
        /administracao/pessoas/{bruno}/papeis/ /administracao/equipes/ /administracao/equipes/nova/
        /administracao/equipes/suporte/ /administracao/organizacoes/ /administracao/organizacoes/nova/
        /administracao/organizacoes/{acme}/ /administracao/organizacoes/{acme}/unidades/nova/
        /administracao/organizacoes/{acme}/produtos/ /administracao/organizacoes/{acme}/pessoas/nova/
        /administracao/grupos/ /administracao/pedidos/ /administracao/produtos/ /administracao/produtos/novo/
        /administracao/produtos/importar/ /administracao/produtos/visor/ /administracao/gravidades/
        /administracao/gravidades/2/ /administracao/formularios/ /administracao/formularios/falha-tecnica/
        /administracao/formularios/falha-tecnica/tipo/ /administracao/formularios/falha-tecnica/campos/adicionar/
        /administracao/fluxos/ /administracao/fluxos/suporte/ /administracao/marca/ /administracao/correio/
        /administracao/auditoria/ /administracao/auditoria/conferir/ /administracao/avisos/
        /administracao/avisos/solucao/pt-br/ /administracao/avisos/remetente/
    """,
}


@pytest.fixture(scope="module")
def names(crowd: Crowd, product: Product, elisa: str) -> dict[str, Any]:
    """A ticket with words and a file, and one whose solution waits, for the screens that show them."""
    with crowd.window("bruno@acme.example") as page:
        found = {"open": open_ticket(page, "Imagens lentas no plantão"), "judged": open_ticket(page, "Laudo em branco")}
        deliver_solution(crowd, found["judged"], "Reinicie o serviço de laudos.")
        page.goto(f"/chamados/{found['judged']}/")
        address = page.get_by_role("link", name="Reprovar").get_attribute("href") or ""
        found["reject"] = address.rstrip("/").rsplit("/", 1)[-1]
    return {**found, **product.ids}


@pytest.mark.parametrize("who", SCREENS)
def test_nothing_is_found(crowd: Crowd, names: dict[str, Any], who: str) -> None:
    crowd.expected = r"status of 404"
    found: list[str] = []
    with crowd.window(who, viewport=WIDE) as page:
        for address in SCREENS[who].split():
            page.goto(address.format(**names))
            settle(page)
            found += looked_at(page)
    assert not found, "\n".join(found)


def test_the_look_can_find_something(crowd: Crowd) -> None:
    """The twin: a page made wrong is found wrong, so that what finds nothing has looked."""
    with crowd.window() as page:
        page.goto("/entrar/")
        page.evaluate("document.querySelector('label[for=id_email]').remove()")
        page.evaluate("document.querySelector('h1').style.color = '#ddd'")
        found = " ".join(looked_at(page))

    assert "label" in found
    assert "light: color-contrast" in found


def looked_at(page: Page) -> list[str]:
    """Return what is wrong with the page: all of it at both widths, the colours in both themes."""
    found = []
    for size, width in ((WIDE, "1280"), (NARROW, "390")):
        page.set_viewport_size(size)
        for theme, options in (("light", EVERYTHING), ("dark", COLOURS)):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            result = Axe().run(page, options=options)
            found += [f"{page.url} {width} {theme}: {_words(one)}" for one in result.response["violations"]]
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    return found


def _words(violation: Any) -> str:
    return (
        f"{violation['id']}: {json.dumps([node['html'][:140] for node in violation['nodes'][:3]], ensure_ascii=False)}"
    )
