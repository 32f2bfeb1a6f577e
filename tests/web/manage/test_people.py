"""What administrators read before they act on a person, and what the boxes offer."""

from django.urls import reverse

from tests.factories.accounts import make_user
from tests.factories.tickets import make_ticket


def test_says_how_many_open_tickets_somebody_leaves_behind(administration, ana, bruno, suporte):
    address = reverse("manage:person-deactivate", args=[ana.pk])
    assert "0 chamados estão abertos em nome desta pessoa." in administration.get(address).text

    ticket = make_ticket(requester=bruno, status=suporte.working)
    type(ticket).objects.filter(pk=ticket.pk).update(assignee=ana)

    assert "1 chamado está aberto em nome desta pessoa." in administration.get(address).text


def test_taking_the_access_of_a_contact_away_asks_nothing(administration, bruno):
    shown = administration.get(reverse("manage:person-deactivate", args=[bruno.pk])).text

    assert "panel--pad" not in shown
    assert 'data-tone="danger"' in shown


def test_a_record_is_not_offered_to_be_merged_into_itself(administration, bruno):
    make_user(name=bruno.name, email="bruno.outro@acme.example")
    address = reverse("manage:person-options")

    assert bruno.email in administration.get(address, {"other": bruno.name}).text
    offered = administration.get(address, {"other": bruno.name, "exceto": bruno.pk}).text
    assert bruno.email not in offered
    assert "bruno.outro@acme.example" in offered


def test_a_wrong_postal_code_is_refused_in_plain_words(administration, acme):
    data = {"name": "Filial", "postal_code": "123"}

    answer = administration.post(reverse("manage:site-new", args=[acme.pk]), data)

    assert answer.status_code == 422
    assert "O CEP tem 8 números. Exemplo: 12345-678" in answer.text
    assert (
        administration.post(reverse("manage:site-new", args=[acme.pk]), {**data, "postal_code": "12345678"}).status_code
        == 302
    )
