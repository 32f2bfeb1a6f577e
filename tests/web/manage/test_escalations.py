"""Warnings of deadlines, as administrators keep them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from guiche.audit.models import Entry
from guiche.sla.actions import escalating
from guiche.sla.actions.escalating import Said
from guiche.sla.models import Escalation
from tests.factories.accounts import make_team
from tests.factories.catalog import default_team, severity
from tests.factories.promises import make_escalation
from tests.web.desk.conftest import text_of

PAGE = "/administracao/prazos/avisos/"


def sent(**changed):
    return {"metric": "solution", "percent": "90", "tells": ["assignee"], "remedy": "", "email": ""} | changed


class TestPage:
    def test_says_when_who_and_what(self, administration, ana):
        make_escalation(percent=90, severity=severity(1), team=default_team(), people=[ana], remedy="raise")

        said = text_of(administration.get(PAGE))

        assert "75 % · Primeira resposta Avisa quem é responsável Todos os chamados" in said
        assert "Vencido · cada prazo do cliente Avisa quem é responsável e a supervisão Todos os chamados" in said
        told = "Avisa quem é responsável e Ana Analista · Aumenta a gravidade em um nível"
        assert f"90 % · Solução {told} Gravidade: Indisponibilidade total · Equipe: Suporte" in said

    def test_without_any_says_what_that_means(self, administration):
        Escalation.objects.all().delete()

        assert "Ninguém é avisado antes de um prazo vencer" in text_of(administration.get(PAGE))

    def test_switches_off_and_on(self, administration):
        one = Escalation.objects.get(percent=100)

        page = administration.post(f"{PAGE}{one.pk}/desligar/", follow=True)
        assert "Vencido · cada prazo do cliente desligado" in text_of(page)
        assert not Escalation.objects.get(pk=one.pk).is_active

        again = administration.post(f"{PAGE}{one.pk}/desligar/")
        assert (again.status_code, "já está desligado" in text_of(again)) == (422, True)

        administration.post(f"{PAGE}{one.pk}/ligar/")
        assert Escalation.objects.get(pk=one.pk).is_active


class TestForm:
    def test_makes_one(self, administration, ana):
        team = make_team(name="Desenvolvimento")

        answer = administration.post(
            f"{PAGE}novo/",
            sent(
                tells=["supervisors", "team"],
                people=[ana.pk],
                email="plantao@lume.example",
                severity=severity(2).pk,
                remedy="transfer",
                to_team=team.pk,
            ),
        )

        assert (answer.status_code, answer["Location"]) == (302, PAGE)
        made = Escalation.objects.latest("pk")
        assert (made.metric, made.percent, made.severity, made.team) == ("solution", 90, severity(2), None)
        assert (made.tells_assignee, made.tells_supervisors, made.tells_team) == (False, True, True)
        assert ([*made.people.all()], made.email, made.to_team) == ([ana], "plantao@lume.example", team)

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"percent": "0"}, "Escreva um número de 1 a 100"),
            ({"percent": "muito"}, "Escreva um número de 1 a 100"),
            ({"percent": ""}, "Escreva um número de 1 a 100"),
            ({"tells": []}, "Diga quem recebe o aviso ou o que é feito"),
            ({"remedy": "reassign"}, "Escolha quem recebe o chamado"),
            ({"remedy": "transfer"}, "Escolha a equipe que recebe o chamado"),
            ({"email": "plantao"}, "Falta o @ no e-mail"),
            ({"email": "bruno@acme.example"}, "Este endereço é de um cliente"),
            ({"percent": "75"}, "Já existe um aviso com este percentual"),
        ],
    )
    def test_keeps_what_was_typed_and_says_what_is_wrong(self, administration, bruno, changed, words):
        before = Escalation.objects.count()

        answer = administration.post(f"{PAGE}novo/", sent(**changed))

        assert answer.status_code == 422
        assert text_of(answer).count(words) == 2  # on top and beside the field
        assert Escalation.objects.count() == before

    def test_begins_with_what_is_kept_and_changes_it(self, administration, ana):
        one = make_escalation(percent=90, people=[ana])
        form = administration.get(f"{PAGE}{one.pk}/").content.decode()
        assert f'value="{ana.pk}" checked' in form

        administration.post(f"{PAGE}{one.pk}/", sent(percent="80", tells=["team"]))

        one.refresh_from_db()
        assert (one.percent, one.tells_team, one.tells_assignee, one.people.count()) == (80, True, False, 0)
        assert Entry.objects.latest("id").act == "escalation.changed"

    def test_tells_who_was_slower_that_somebody_else_changed_it(self, administration, elisa):
        one = make_escalation(percent=90)
        page = administration.get(f"{PAGE}{one.pk}/").content.decode()
        seen = page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]
        escalating.change(one, Said(metric="solution", percent=85, tells_team=True), by=elisa, at=timezone.now())

        answer = administration.post(f"{PAGE}{one.pk}/", sent(percent="80", seen=seen))

        assert answer.status_code == 422
        assert Escalation.objects.get(pk=one.pk).percent == 85

    def test_whoever_is_named_and_left_the_desk_is_still_shown(self, administration, ana):
        one = make_escalation(percent=90, remedy="reassign", to_person=ana)
        ana.is_active = False
        ana.save(update_fields=["is_active"])

        form = administration.get(f"{PAGE}{one.pk}/").content.decode()

        assert f'<option value="{ana.pk}" selected>Ana Analista' in " ".join(form.split())
