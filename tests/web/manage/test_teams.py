from tests.factories.accounts import make_team
from tests.factories.catalog import default_team
from tests.factories.tickets import make_ticket

DATA = {"name": "Segunda linha", "people": [], "is_restricted": "", "is_active": ""}


def test_a_team_with_open_tickets_is_not_closed(administration, bruno, suporte):
    team = make_team(name="Segunda linha")
    ticket = make_ticket(requester=bruno, status=suporte.working)
    type(ticket).objects.filter(pk=ticket.pk).update(team=team)

    answer = administration.post(f"/administracao/equipes/{team.slug}/", DATA)

    assert answer.status_code == 422
    assert "Há chamados abertos nesta equipe" in answer.text
    team.refresh_from_db()
    assert team.is_active


def test_a_team_to_which_request_types_send_is_not_closed(administration):
    team = default_team()

    answer = administration.post(f"/administracao/equipes/{team.slug}/", {**DATA, "name": team.name})

    assert answer.status_code == 422
    assert "Falha técnica" in answer.text


def test_a_free_team_is_closed_and_can_be_opened(administration):
    team = make_team(name="Segunda linha")

    administration.post(f"/administracao/equipes/{team.slug}/", DATA)
    team.refresh_from_db()
    assert not team.is_active

    administration.post(f"/administracao/equipes/{team.slug}/", {**DATA, "is_active": "on"})
    team.refresh_from_db()
    assert team.is_active


def test_a_team_without_people_has_none_and_not_one(administration):
    make_team(name="Segunda linha")

    assert "0 pessoas" in administration.get("/administracao/equipes/").text
