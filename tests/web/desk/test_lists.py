"""The list of tickets with its filters, and the search."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from guiche.accounts.models import Team, User
from guiche.organizations.models import Organization
from guiche.tickets.models import Ticket
from guiche.web.desk import lists
from tests.factories.accounts import make_team
from tests.factories.tickets import make_ticket
from tests.web.desk.conftest import text_of

LIST = "/mesa/chamados/"


class TestTickets:
    def test_tabs_part_what_is_open_from_what_ended(self, desk: Client, bruno: User, suporte: SimpleNamespace) -> None:
        make_ticket(requester=bruno, title="Ainda aberto")
        make_ticket(requester=bruno, title="Já fechado", status=suporte.closed)

        shown = {view: text_of(desk.get(LIST, {"ver": view})) for view in ("abertos", "encerrados", "todos", "x")}

        assert "Ainda aberto" in shown["abertos"]
        assert "Já fechado" not in shown["abertos"]
        assert "Ainda aberto" not in shown["encerrados"]
        assert "Já fechado" in shown["todos"]
        assert "Ainda aberto" in shown["x"]

    def test_filters_narrow_together(
        self, desk: Client, ana: User, bruno: User, carla: User, acme: Organization, suporte: SimpleNamespace
    ) -> None:
        team = make_team(name="Implantação")
        make_ticket(requester=bruno, title="O procurado", team=team, assignee=ana, status=suporte.working)
        make_ticket(requester=carla, title="De outra empresa", team=team, assignee=ana, status=suporte.working)
        make_ticket(requester=bruno, title="De outra equipe", assignee=ana, status=suporte.working)
        make_ticket(requester=bruno, title="De ninguém", team=team, status=suporte.working)
        make_ticket(requester=bruno, title="Em outro status", team=team, assignee=ana)

        asked = {"equipe": team.pk, "status": "work", "organization": acme.pk, "meus": "on", "q": "procurado"}
        for without in ({}, {"q": ""}):
            shown = text_of(desk.get(LIST, {**asked, **without}))
            assert "O procurado" in shown
            for other in ("De outra empresa", "De outra equipe", "De ninguém", "Em outro status"):
                assert other not in shown, (other, without)

    def test_what_cannot_be_read_narrows_nothing(self, desk: Client, bruno: User) -> None:
        make_ticket(requester=bruno, title="Está aqui")

        for asked in (
            {"equipe": "x"},
            {"status": "zzz"},
            {"organization": "987654"},
            {"p": "%%%"},
            {"equipe": "9" * 30},
        ):
            answer = desk.get(LIST, asked)
            assert answer.status_code == 200, asked
            assert "Está aqui" in text_of(answer), asked

    def test_pages_keep_the_filters(self, desk: Client, bruno: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lists, "SIZE", 2)
        for number in range(3):
            make_ticket(requester=bruno, title=f"Impressora {number}")

        first = desk.get(LIST, {"q": "impressora"})
        following = first.content.decode().split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        second = desk.get(LIST + following)

        assert "q=impressora" in following
        assert "Impressora 0" in text_of(second)
        assert "Impressora 2" not in text_of(second)

    def test_a_restricted_team_is_in_no_list_nor_filter(self, desk: Client, bruno: User, restricted: Team) -> None:
        make_ticket(requester=bruno, title="Assunto reservado", team=restricted)

        for asked in ({"ver": "todos"}, {"q": "reservado"}, {"equipe": restricted.pk}):
            shown = text_of(desk.get(LIST, asked))
            assert "Assunto reservado" not in shown
            assert "Ouvidoria" not in shown

    def test_without_tickets_says_what_will_be_there(self, desk: Client) -> None:
        assert "Nenhum chamado aqui" in text_of(desk.get(LIST))
        assert "Nenhum chamado com esses filtros" in text_of(desk.get(LIST, {"q": "nada"}))


class TestSearch:
    @pytest.mark.parametrize("written", ["{}", "#{}", "SD-{}", "SD {}", "sd{}", " # {} "])
    def test_a_number_goes_straight_there(self, desk: Client, bruno: User, written: str) -> None:
        ticket = make_ticket(requester=bruno)

        answer = desk.get("/mesa/busca/", {"q": written.format(ticket.number)})

        assert answer.status_code == 302
        assert answer.url == f"/mesa/chamados/{ticket.number}/"

    def test_so_do_the_numbers_of_other_tools(self, desk: Client, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)
        Ticket.objects.filter(pk=ticket.pk).update(legacy_number="77001", external_number="88002")

        for number in ("77001", "88002"):
            assert desk.get("/mesa/busca/", {"q": number}).url == f"/mesa/chamados/{ticket.number}/"

    def test_a_number_one_may_not_see_is_like_one_that_does_not_exist(
        self, desk: Client, bruno: User, restricted: Team
    ) -> None:
        hidden = make_ticket(requester=bruno, team=restricted)

        answers = [desk.get("/mesa/busca/", {"q": number}) for number in (str(hidden.number), "987654")]

        assert [answer.status_code for answer in answers] == [200, 200]
        assert all("Nada encontrado" in text_of(answer) for answer in answers)

    def test_words_find_tickets_people_and_organizations(
        self, desk: Client, bruno: User, carla: User, acme: Organization
    ) -> None:
        make_ticket(requester=carla, title="Integração com a Acme parada")

        shown = text_of(desk.get("/mesa/busca/", {"q": "acme"}))

        assert "Integração com a Acme parada" in shown
        assert "Bruno Braga" in shown
        assert "Organizações Acme" in shown
        assert "Carla Campos" in shown  # as requester of the ticket only

    def test_shows_no_staff_among_people(self, desk: Client, gustavo: User) -> None:
        assert "Gustavo" not in text_of(desk.get("/mesa/busca/", {"q": "gustavo gomes"})).split("Nada encontrado")[0]

    @pytest.mark.parametrize("words", ["", "a", "\x00", "%", "_" * 300])
    def test_too_little_or_odd_words_find_nothing(self, desk: Client, bruno: User, words: str) -> None:
        make_ticket(requester=bruno, title="Está aqui")

        answer = desk.get("/mesa/busca/", {"q": words})

        assert answer.status_code == 200
        assert "Está aqui" not in text_of(answer)
