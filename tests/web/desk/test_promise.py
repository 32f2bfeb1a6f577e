"""The deadlines that the telephone form names for whoever called."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from guiche.accounts.models import User
from guiche.organizations.models import Membership, Organization
from tests.factories.assets import make_contract
from tests.factories.catalog import severity, shipped_type
from tests.factories.promises import assign, make_policy
from tests.web.desk.conftest import HTMX, text_of

pytestmark = pytest.mark.django_db
NEW = "/mesa/chamados/novo/"


def ask(desk: Client, **said: Any) -> str:
    return text_of(desk.get(f"{NEW}prazo/", said))


@pytest.fixture
def gold(acme: Organization, bruno: User) -> int:
    """Acme's own agreement, and Bruno's place there."""
    shipped_type()
    assign(make_policy({(2, "first_response"): 1, (2, "solution"): 7}), contract=make_contract(organization=acme))
    return Membership.objects.get(user=bruno).pk


class TestPromise:
    def test_waits_for_who_asks(self, desk: Client) -> None:
        assert "Escolha quem pede e o tipo" in text_of(desk.get(NEW))

    def test_is_of_the_agreement_of_who_called(self, desk: Client, gold: int, carla: User) -> None:
        said = {"request_type": "falha-tecnica"}

        ours = text_of(desk.post(f"{NEW}campos/", {**said, "member": gold}, headers=HTMX))
        theirs = text_of(
            desk.post(f"{NEW}campos/", {**said, "member": Membership.objects.get(user=carla).pk}, headers=HTMX)
        )

        assert "Solução em 7 h úteis" in ours
        assert "Solução em 12 h úteis" in theirs
        assert "Solução em 7 h úteis" not in theirs

    def test_follows_the_severity(self, desk: Client, gold: int) -> None:
        words = ask(desk, member=gold, request_type="falha-tecnica", severity=severity(2).pk)

        assert "Primeira resposta" in words
        assert "Prazo para a solução:" in words

    def test_keeps_to_itself_what_nobody_asked_for(self, desk: Client) -> None:
        assert "Escolha quem pede e o tipo" in ask(desk)
        assert "Escolha quem pede e o tipo" in ask(desk, request_type="nao-existe", organization="9" * 30)
