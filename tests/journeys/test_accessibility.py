"""axe finds nothing on any screen, nor in what opens there, wide and narrow, light and dark."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.browsing import Crowd, Product, deliver_solution, open_ticket, settle

pytestmark = pytest.mark.journey

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
EVERYTHING = {"resultTypes": ["violations"]}
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
LOOKS = ((WIDE, "light", EVERYTHING), (WIDE, "dark", COLOURS), (NARROW, "light", EVERYTHING), (NARROW, "dark", COLOURS))
INSIDE = (LOOKS[0], LOOKS[2], LOOKS[3])  # the colours of what opens are those of its page: one width is enough

LOOK = """([where, options]) => axe.run(where || document, options).then(({ violations }) => violations)"""
# What opens a dialog or a popover here, by what it opens: the page of each is looked at anyway, what floats is not.
OPENERS = """() => [...document.querySelectorAll("a[hx-get][hx-target='#dialogo'], [popovertarget]")].map((one, at) => {
    one.dataset.opener = at;
    return [at, one.getAttribute("popovertarget") || one.pathname.replace(/\\d+/g, "N")];
})"""
OPEN = "place => document.querySelector(`[data-opener='${place}']`).click()"
CLOSE = "where => { const at = document.querySelector(where); if (at.open) at.close(); else at.hidePopover(); }"

AXE = Axe().axe_script
SCREENS = {
    "": """
        /entrar/ /primeiro-acesso/ /senha/ /cadastro/ /acessibilidade/ /privacidade/ /primeiro-acesso/nada-disso/
    """,
    "bruno@acme.example": """
        / /chamados/ /chamados/?ver=todos /validar/ /busca/?q=imagens /chamados/novo/ /chamados/novo/falha-tecnica/
        /chamados/novo/duvida/ /chamados/{open}/ /chamados/{judged}/ /chamados/{judged}/passos/{reject}/
        /chamados/{judged}/ainda-preciso/ /chamados/{judged}/prazo/ /chamados/{judged}/prazo/?prazo=resposta&folha=1
        /chamados/{open}/prazo/?prazo=fechamento
        /chamados/{open}/contato/ /chamados/{open}/compartilhar/ /chamados/{open}/aberto/ /chamados/{open}/imprimir/
        /prazos/
        /notificacoes/ /perfil/ /perfil/foto/ /perfil/senha/ /perfil/seguranca/ /perfil/sessoes/ /perfil/aparencia/
        /perfil/avisos/ /perfil/seguranca/aplicativo/ /perfil/seguranca/chaves/nova/ /nada-aqui/
    """,
    "beatriz@acme.example": """
        /organizacao/pessoas/ /organizacao/pessoas/nova/ /organizacao/pessoas/importar/ /organizacao/pessoas/pedidos/
        /organizacao/pessoas/{place}/ /organizacao/dominios/
    """,
    "ana@lume.example": """
        /mesa/ /mesa/filas/ /mesa/atalhos/ /mesa/fila/suporte/ /mesa/fila/suporte/{open}/ /mesa/chamados/
        /mesa/chamados/novo/ /mesa/busca/?q=imagens /mesa/chamados/{open}/ /mesa/chamados/{judged}/
        /mesa/chamados/{judged}/prazo/
        /mesa/chamados/{open}/responsavel/
        /mesa/chamados/{open}/transferir/ /mesa/chamados/{open}/gravidade/ /mesa/chamados/{open}/classificacao/
        /mesa/chamados/{open}/campos/ /mesa/chamados/{open}/solicitante/
        /mesa/chamados/{open}/contato/ /mesa/chamados/{open}/participantes/
        /mesa/clientes/ /mesa/clientes/{acme}/ /mesa/clientes/{acme}/prazos/
        /mesa/pessoas/{bruno}/
    """,
    "elisa@lume.example": """
        /administracao/ /administracao/pessoas/ /administracao/pessoas/nova/ /administracao/pessoas/{bruno}/
        /administracao/pessoas/{bruno}/papeis/ /administracao/equipes/ /administracao/equipes/nova/
        /administracao/equipes/suporte/ /administracao/organizacoes/ /administracao/organizacoes/nova/
        /administracao/organizacoes/{acme}/ /administracao/organizacoes/{acme}/unidades/nova/
        /administracao/organizacoes/{acme}/contratos/novo/
        /administracao/organizacoes/{acme}/contratos/{contract}/
        /administracao/organizacoes/{acme}/produtos/ /administracao/organizacoes/{acme}/pessoas/nova/
        /administracao/grupos/ /administracao/pedidos/ /administracao/produtos/ /administracao/produtos/novo/
        /administracao/produtos/importar/ /administracao/produtos/visor/ /administracao/gravidades/
        /administracao/prazos/ /administracao/prazos/novo/ /administracao/prazos/qual-vale/?organization={acme}
        /administracao/prazos/avisos/ /administracao/prazos/avisos/novo/
        /administracao/calendarios/ /administracao/calendarios/novo/ /administracao/calendarios/{calendar}/
        /administracao/calendarios/{calendar}/horario/ /administracao/calendarios/{calendar}/feriados/
        /administracao/calendarios/{calendar}/datas/nova/ /administracao/calendarios/{calendar}/trabalhados/novo/
        /administracao/calendarios/{calendar}/importar/ /administracao/calendarios/{calendar}/publicar/
        /administracao/prazos/quem/produto/novo/ /administracao/prazos/acordos/padrao/
        /administracao/gravidades/2/ /administracao/formularios/ /administracao/formularios/falha-tecnica/
        /administracao/formularios/falha-tecnica/tipo/ /administracao/formularios/falha-tecnica/gravidade/
        /administracao/formularios/falha-tecnica/depois/ /administracao/formularios/falha-tecnica/versoes/
        /administracao/formularios/falha-tecnica/?campo=severity
        /administracao/formularios/falha-tecnica/campos/adicionar/
        /administracao/fluxos/ /administracao/fluxos/suporte/ /administracao/fluxos/suporte/?status=novo
        /administracao/marca/ /administracao/correio/
        /administracao/auditoria/ /administracao/auditoria/conferir/ /administracao/avisos/
        /administracao/avisos/solucao/pt-br/ /administracao/avisos/remetente/
    """,
}


# A few of what must have been opened, so that what opens nothing fails.
FLOATS = {
    "": set(),
    "bruno@acme.example": {"conta", "sininho", "/chamados/N/contato/", "/chamados/N/comentarios/N/"},
    "beatriz@acme.example": {"conta", "sininho"},
    "ana@lume.example": {"acoes", "contexto", "filas", "/mesa/atalhos/", "/mesa/chamados/N/transferir/"},
    "elisa@lume.example": {"conta", "sininho"},
}


@pytest.fixture(scope="module")
def names(crowd: Crowd, product: Product, elisa: str) -> dict[str, Any]:
    """A ticket with words and a file, and one whose solution waits, for the screens that show them."""
    with crowd.window("bruno@acme.example") as page:
        found = {"open": open_ticket(page, "Imagens lentas no plantão"), "judged": open_ticket(page, "Laudo em branco")}
        page.goto(f"/chamados/{found['open']}/")
        page.get_by_label("Escrever comentário").fill("Agora em três salas.")
        page.get_by_role("button", name="Comentar").click()
        expect(page.get_by_role("link", name="Corrigir")).to_be_visible()
        deliver_solution(crowd, found["judged"], "Reinicie o serviço de laudos.")
        page.goto(f"/chamados/{found['judged']}/")
        address = page.get_by_role("link", name="Reprovar").get_attribute("href") or ""
        found["reject"] = address.rstrip("/").rsplit("/", 1)[-1]
    return {**found, **product.ids}


@pytest.mark.parametrize("who", SCREENS)
def test_nothing_is_found(crowd: Crowd, names: dict[str, Any], who: str) -> None:
    crowd.expected = r"status of 404"
    found: list[str] = []
    opened: set[str] = set()
    with crowd.window(who, viewport=WIDE, reduced_motion="reduce") as page:
        for address in SCREENS[who].split():
            page.goto(address.format(**names))
            settle(page)
            found += looked_at(page)
            found += looked_into(page, opened)
    assert not found, "\n".join(found)
    assert opened >= FLOATS[who], "not everything that floats was opened"


def test_the_look_can_find_something(crowd: Crowd) -> None:
    """The twin: a page made wrong is found wrong, so that what finds nothing has looked."""
    with crowd.window() as page:
        page.goto("/entrar/")
        page.evaluate("document.querySelector('label[for=id_email]').remove()")
        page.evaluate("document.querySelector('h1').style.color = '#ddd'")
        found = " ".join(looked_at(page))

    assert "label" in found
    assert "light: color-contrast" in found


def test_the_look_into_what_opens_can_find_something(crowd: Crowd, names: dict[str, Any]) -> None:
    with crowd.window("bruno@acme.example") as page:
        page.goto(f"/chamados/{names['open']}/")
        settle(page)
        page.evaluate("document.querySelector('#conta a').textContent = ''")
        found = " ".join(looked_into(page, set()))

    assert "1280 light #conta: link-name" in found
    assert "390 light #conta: link-name" in found


def looked_at(page: Page) -> list[str]:
    """Return what is wrong with the page: all of it at both widths, the colours in both themes."""
    return _wrong(page, LOOKS)


def looked_into(page: Page, opened: set[str]) -> list[str]:
    """Open every dialog, menu and popover of the page that is not among `opened`; return what is wrong inside."""
    found = []
    for place, name in page.evaluate(OPENERS):
        if name in opened:
            continue
        opened.add(name)
        where = "#dialogo" if name.startswith("/") else f"#{name}"
        page.evaluate(OPEN, place)
        page.wait_for_selector(f"{where}:is([open], :popover-open)")
        settle(page)
        found += _wrong(page, INSIDE, where)
        page.evaluate(CLOSE, where)
    return found


def _wrong(page: Page, looks: Any, where: str = "") -> list[str]:
    found = []
    for size, theme, options in looks:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        if not page.evaluate("Boolean(window.axe)"):
            page.evaluate(AXE)
        violations = page.evaluate(LOOK, [where, options])
        found += [f"{page.url} {size['width']} {theme} {where}".strip() + f": {_words(one)}" for one in violations]
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    return found


def _words(violation: Any) -> str:
    return (
        f"{violation['id']}: {json.dumps([node['html'][:140] for node in violation['nodes'][:3]], ensure_ascii=False)}"
    )
