"""A pass through the open tickets, as an administrator watches and stops it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guiche.calendars.actions import versions
from guiche.sla.actions import bulk
from guiche.sla.models import Retargeting
from tests.factories.calendars import make_plan, shipped_calendar, week
from tests.factories.tickets import make_ticket
from tests.web.desk.conftest import text_of

State = Retargeting.State


@pytest.fixture
def asked(administration, elisa, bruno) -> Retargeting:
    """What publishing the default calendar asked for, with one open ticket."""
    make_ticket(requester=bruno, at=timezone.now() - timedelta(hours=1))
    calendar, now = shipped_calendar(), timezone.now()
    versions.save_draft(calendar, make_plan(weekly=week((0, 24), days=7)), by=elisa, at=now)
    versions.publish(calendar, by=elisa, at=now)
    return Retargeting.objects.get()


@pytest.fixture
def page(asked) -> str:
    return f"/administracao/prazos/andamento/{asked.pk}/"


def only_the_panel(administration, page: str):
    return administration.get(page, headers={"HX-Request": "true", "HX-Target": "andamento"})


class TestProgress:
    def test_says_what_asked_for_it_and_asks_again_until_it_ends(self, administration, page):
        answer = administration.get(page)

        said = text_of(answer)
        assert "Versão 2 do calendário Padrão, Elisa Esteves, hoje" in said
        assert "Começa em instantes." in said
        assert 'hx-trigger="live"' in answer.content.decode()

    def test_is_answered_alone_to_who_asks_again(self, administration, page):
        answer = only_the_panel(administration, page).content.decode()

        assert "<html" not in answer
        assert 'id="andamento"' in answer

    def test_of_one_for_later_says_when(self, administration, page, asked):
        Retargeting.objects.filter(pk=asked.pk).update(starts_at=timezone.now() + timedelta(days=40))

        assert "Começa em instantes" not in text_of(administration.get(page))

    def test_counts_while_it_runs(self, administration, page, asked):
        Retargeting.objects.filter(pk=asked.pk).update(
            state=State.RUNNING, began_at=timezone.now(), total_count=5000, done_count=1200, changed_count=3
        )

        answer = administration.get(page)

        assert "Em andamento: 1.200 de 5.000 chamados." in text_of(answer)
        assert 'max="5000" value="1200"' in answer.content.decode()

    def test_says_what_came_of_it_and_asks_no_more(self, administration, page, asked, system):
        bulk.run(asked, at=timezone.now(), by=system)

        answer = only_the_panel(administration, page)

        said = text_of(answer)
        assert "Concluído: 1 de 1 chamado. " in said
        assert "hx-trigger" not in answer.content.decode()
        assert 'id="aviso"' in answer.content.decode()

    def test_is_linked_from_the_calendar_while_it_goes_on(self, administration, page, asked, system):
        calendar = f"/administracao/calendarios/{asked.calendar_version.calendar_id}/"
        assert page in administration.get(calendar).content.decode()

        bulk.run(asked, at=timezone.now(), by=system)
        assert page not in administration.get(calendar).content.decode()


class TestInterrupt:
    def test_leaves_it_where_it_is(self, administration, elisa):
        asked = bulk.begin(by=elisa, at=timezone.now())
        page = f"/administracao/prazos/andamento/{asked.pk}/"
        assert "Interromper" in text_of(administration.get(page))

        answer = administration.post(f"{page}parar/")

        asked.refresh_from_db()
        assert (answer["Location"], asked.state) == (page, State.CANCELLED)
        assert "Interrompido antes de começar." in text_of(administration.get(page))

    def test_of_a_calendar_is_refused(self, administration, page, asked):
        assert "Interromper" not in text_of(administration.get(page))

        answer = administration.post(f"{page}parar/")

        asked.refresh_from_db()
        assert (answer.status_code, asked.state) == (422, State.WAITING)
        assert "O calendário já vale" in text_of(answer)

    def test_of_one_that_ended_is_refused(self, administration, page, asked, system):
        bulk.run(asked, at=timezone.now(), by=system)

        answer = administration.post(f"{page}parar/")

        assert answer.status_code == 422
        assert "Isto já terminou" in text_of(answer)
