"""The queue: who is in it, in which groups, where it goes on, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guiche.accounts.models import Team, User
from guiche.tickets.models import Ticket
from guiche.web.desk import queues
from tests.factories.accounts import make_team
from tests.factories.catalog import default_team, severity
from tests.factories.tickets import MORNING, make_ticket
from tests.web.desk.conftest import HTMX, text_of

MINE = "/mesa/fila/minha/"


def queries_of(client: Client, address: str, **options: object) -> int:
    client.get(address)  # what a process remembers for a moment
    with CaptureQueriesContext(
        connection,
    ) as made:
        assert client.get(address, **options).status_code == 200
    return len(made)


class TestDoors:
    @pytest.mark.parametrize(
        "address", ["/mesa/", "/mesa/filas/", "/mesa/atalhos/", MINE, "/mesa/chamados/", "/mesa/clientes/"]
    )
    def test_only_the_desk_enters(
        self,
        address: str,
        client: Client,
        enter: Callable[[User], Client],
        ana: User,
        bruno: User,
        davi: User,
        elisa: User,
        olga: User,
    ) -> None:
        answers = [enter(user).get(address).status_code for user in (bruno, davi, elisa, olga)]

        assert answers == [403] * 4
        assert client.get(address).status_code == 302
        assert enter(ana).get(address, follow=True).status_code == 200


class TestShortcuts:
    def test_is_a_page_and_a_dialog_and_says_when_they_are_off(self, desk: Client, ana: User) -> None:
        page, dialog = desk.get("/mesa/atalhos/"), desk.get("/mesa/atalhos/", headers={**HTMX, "HX-Target": "dialogo"})
        User.objects.filter(pk=ana.pk).update(has_shortcuts=False)
        off = desk.get("/mesa/atalhos/")

        assert "<main" in page.text
        assert "<main" not in dialog.text
        assert "<kbd>R</kbd>" in dialog.text
        assert "<key-shortcuts>" not in off.text
        assert "estão desligados para você" in off.text
        assert "estão desligados para você" not in page.text


class TestHome:
    def test_goes_back_to_the_queue_one_was_last_in(self, desk: Client) -> None:
        assert desk.get("/mesa/").url == MINE

        desk.get(f"/mesa/fila/{default_team().slug}/")

        assert desk.get("/mesa/").url == f"/mesa/fila/{default_team().slug}/"

    def test_forgets_a_queue_that_is_not_seen_any_more(self, desk: Client, ana: User, restricted: Team) -> None:
        restricted.people.add(ana)
        desk.get(f"/mesa/fila/{restricted.slug}/")

        restricted.people.remove(ana)

        assert desk.get("/mesa/").url == MINE


class TestQueue:
    def test_parts_what_waits_on_us_from_what_waits_on_the_customer(
        self, desk: Client, ana: User, bruno: User, suporte: SimpleNamespace
    ) -> None:
        for status in (suporte.new, suporte.working, suporte.waiting, suporte.validating, suporte.closed):
            make_ticket(requester=bruno, assignee=ana, status=status, title=f"Está em {status.name}")

        shown = text_of(desk.get(MINE))

        assert "Sem prazo correndo, 2" in shown
        assert "Esperando o cliente, 2" in shown
        assert shown.index("Está em Em atendimento") < shown.index("Esperando o cliente")
        assert "Está em Fechado" not in shown

    def test_holds_only_what_its_name_says(self, desk: Client, ana: User, bruno: User) -> None:
        make_ticket(requester=bruno, assignee=ana, title="É da Ana")
        make_ticket(requester=bruno, title="É de ninguém")
        other = make_team(name="Implantação")
        make_ticket(requester=bruno, title="É de outra equipe", team=other)

        assert "É da Ana" in text_of(desk.get(MINE))
        assert "É de ninguém" not in text_of(desk.get(MINE))
        assert "É da Ana" not in text_of(desk.get("/mesa/fila/sem-responsavel/"))
        assert "É de outra equipe" in text_of(desk.get(f"/mesa/fila/{other.slug}/"))

    def test_a_restricted_team_does_not_exist_for_others(
        self, desk: Client, enter: Callable[[User], Client], gustavo: User, bruno: User, restricted: Team
    ) -> None:
        ticket = make_ticket(requester=bruno, title="Assunto reservado", team=restricted)
        addresses = [f"/mesa/fila/{restricted.slug}/", f"/mesa/fila/minha/{ticket.number}/"]

        assert [desk.get(address).status_code for address in addresses] == [404, 404]
        assert "Assunto reservado" not in text_of(desk.get("/mesa/fila/sem-responsavel/"))
        assert "Ouvidoria" not in text_of(desk.get("/mesa/filas/"))
        assert [enter(gustavo).get(address).status_code for address in addresses] == [200, 200]

    def test_finds_by_words_and_by_number(self, desk: Client, ana: User, bruno: User) -> None:
        ticket = make_ticket(requester=bruno, assignee=ana, title="Impressora não puxa papel")
        make_ticket(requester=bruno, assignee=ana, title="Tela azul")

        for words in ("impressora papel", "nao puxa", str(ticket.number), f"#{ticket.number}"):
            shown = text_of(desk.get(MINE, {"q": words}))
            assert "Impressora não puxa papel" in shown, words
            assert "Tela azul" not in shown, words

    def test_to_htmx_it_is_the_rows_alone(self, desk: Client, ana: User, bruno: User) -> None:
        make_ticket(requester=bruno, assignee=ana)

        answer = desk.get(MINE, headers=HTMX).content.decode()

        assert answer.lstrip().startswith('<div id="linhas"')
        assert "<html" not in answer

    def test_choosing_a_ticket_renews_the_pane_and_marks_its_row(self, desk: Client, ana: User, bruno: User) -> None:
        chosen, other = (make_ticket(requester=bruno, assignee=ana) for _ in range(2))

        answer = desk.get(f"{MINE}{chosen.number}/", headers=HTMX).content.decode()

        assert "<html" not in answer
        assert '<header class="stack stack--sm" id="cabecalho"' in answer
        marked = answer.split('aria-current="true"')
        assert len(marked) == 2
        assert marked[1].index(f"fila-{chosen.number}") < 400
        assert f"fila-{other.number}" in answer

    def test_an_empty_one_says_so(self, desk: Client) -> None:
        assert "Fila vazia" in text_of(desk.get(MINE))


class TestPlace:
    """Walking a long queue shows every ticket once, whatever its deadline, severity and age."""

    @pytest.fixture
    def many(self, ana: User, bruno: User, suporte: SimpleNamespace) -> list[Ticket]:
        made = []
        for number in range(12):
            status = suporte.waiting if number % 4 == 0 else suporte.working
            asked = {"severity": severity(1 + number % 4)} if number % 3 else {}
            at = MORNING + timedelta(hours=number // 4)
            ticket = make_ticket(requester=bruno, assignee=ana, status=status, at=at, **asked)
            due = None if number % 5 == 0 else MORNING + timedelta(days=number % 2)
            Ticket.objects.filter(pk=ticket.pk).update(next_due_at=due)
            made.append(ticket)
        return made

    @pytest.mark.parametrize("size", [1, 2, 5])
    def test_follows_the_order_of_the_queue(
        self, many: list[Ticket], ana: User, size: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queues, "SHOWN", size)
        queue = queues.find(queues.MINE, ana)
        assert queue
        walked, after = [], ""
        while True:
            page = queues.shown(queue, after=after)
            rows = [row for group in page.groups for row in group.rows]
            walked += [row.pk for row in sorted(rows, key=lambda row: list(queue.rows.for_queue()).index(row))]
            after = page.more
            if not after:
                break

        assert walked == [row.pk for row in queue.rows.for_queue()]
        assert len(walked) == len(many)

    @pytest.mark.parametrize("written", ["", "x", "1.2.3", "0..a.b.c", "1." + "9" * 80, "0..5.99999999999999999999.1"])
    def test_one_that_cannot_be_read_is_the_beginning(self, written: str) -> None:
        assert queues.Place.read(written) is None


class TestCost:
    @pytest.mark.parametrize("address", [MINE, "/mesa/filas/", "/mesa/chamados/", "/mesa/busca/?q=imagens"])
    def test_25_rows_cost_what_one_costs(self, address: str, desk: Client, ana: User, bruno: User) -> None:
        make_ticket(requester=bruno, assignee=ana, severity=severity(1))
        with_one = queries_of(desk, address)

        for _ in range(24):
            make_ticket(requester=bruno, assignee=ana, severity=severity(1))

        assert queries_of(desk, address) == with_one
        assert with_one <= 12
