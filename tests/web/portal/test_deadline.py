"""The lines behind a deadline, as the customers and the team read them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from guiche.calendars.actions import versions
from guiche.calendars.models import Calendar
from guiche.calendars.plan import OwnDay
from guiche.organizations.models import Organization
from guiche.sla.actions import bulk
from guiche.sla.metrics import Metric
from guiche.sla.models import Assignment, Clock, Interval, PolicyVersion, Retargeting, Target
from guiche.tickets.actions import conversation, moving, sharing, triage
from guiche.tickets.models import Ticket
from guiche.web.ledgers import page
from guiche.web.ledgers.reader import Reader
from guiche.workflows.models import Status
from tests.factories.accounts import make_team
from tests.factories.assets import make_contract
from tests.factories.calendars import make_plan
from tests.factories.catalog import severity, shipped_type
from tests.factories.promises import assign, make_policy
from tests.factories.tickets import make_ticket


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment of November 2025 in São Paulo; the 12th is a Wednesday, the 20th a holiday."""
    return datetime(2025, 11, day, hour, minute, second, tzinfo=UTC) + timedelta(hours=3)


NOW = at(13, 10, 42)


@pytest.fixture
def example(ana, bruno, suporte):
    """The ticket of the design."""
    ticket = make_ticket(requester=bruno, at=at(12, 9, 14), severity=severity(2))
    moving.take(ticket, suporte.start, by=ana, at=at(12, 9, 20))
    moving.take(ticket, suporte.ask, by=ana, at=at(12, 10, 31), given={"comment": "Qual servidor?"})
    conversation.comment(ticket, by=bruno, at=at(12, 13, 33), body="O de laudos.")
    moving.take(ticket, suporte.offer, by=ana, at=at(13, 9, 48), given={"solution": "Ajustamos a rede."})
    return ticket


def read(user, ticket, wanted="solucao", now=NOW, **reader):
    """The page of `ticket` as `user` reads it at `now`."""
    seen = Ticket.objects.for_page().get(pk=ticket.pk)
    told = {"for_staff": user.works_here, "is_member": True, **reader}
    return page.page_of(Reader(user, seen, **told), wanted, now)


def rows_of(days):
    return [row for day in days for row in day.rows]


class TestExample:
    def test_gives_the_figures_of_the_design(self, bruno, example):
        figures = [(one.label, one.value.striptags(), one.text) for one in read(bruno, example).account.figures]

        assert figures == [
            ("Contou", "7h 32min", "em 3 intervalos"),
            ("Não contou", "17h 56min", "3h 56min com você, 14h fora do horário"),
            ("Desde a abertura", "25h 28min", "7h 32min + 17h 56min"),
            ("Restam", "4h 28min", "das 12 h úteis"),
        ]

    def test_gives_its_rows(self, bruno, example):
        days = read(bruno, example, may_judge=True).account.days

        assert [day.title for day in days] == ["quarta, 12 de novembro de 2025", "quinta, 13 de novembro de 2025"]
        assert [
            (row.when, row.label, row.side, row.counted, row.uncounted, row.running_sum) for row in rows_of(days)
        ] == [
            ("9h14 a 10h31", "Chamado aberto e em atendimento", "Guichê", "1h 17min", "", "1h 17min"),
            ("10h31 a 13h33", "Pendência cliente", "Você", "", "3h 02min", "1h 17min"),
            ("13h33 a 18h00", "Em atendimento", "Guichê", "4h 27min", "", "5h 44min"),
            ("18h00 a 8h00", "Fora do horário de atendimento", "Calendário", "", "14h 00min", "5h 44min"),
            ("8h00 a 9h48", "Em atendimento", "Guichê", "1h 48min", "", "7h 32min"),
            ("9h48 a agora", "Aguardando validação", "Você", "", "0h 54min", "7h 32min"),
        ]

    def test_says_who_did_it(self, bruno, example):
        about = [row.about for row in rows_of(read(bruno, example, may_judge=True).account.days)]

        assert about == [
            "Você abriu às 9h14, Ana respondeu às 10h31",
            "Ana pediu informações; você respondeu às 13h33",
            "",
            "Segunda a sexta, 8h às 18h",
            "",
            "Ana entregou a solução; volta a contar se você reprovar",
        ]

    def test_counts_the_days_of_silence(self, bruno, example):
        silence = read(bruno, example).silence

        assert [(day.title, day.text) for day in silence.days] == [
            *(("sex, 14 nov", "dia 1"), ("seg, 17 nov", "dia 2"), ("ter, 18 nov", "dia 3"), ("qua, 19 nov", "dia 4")),
            ("qui, 20 nov", "não conta: Dia Nacional de Zumbi e da Consciência Negra"),
            *(("sex, 21 nov", "dia 5"), ("seg, 24 nov", "dia 6"), ("ter, 25 nov", "dia 7, fecha às 9h48")),
        ]
        assert silence.text == (
            "O chamado fecha sozinho depois de 7 dias úteis sem resposta. Avisamos em sex, 21 nov e em seg, 24 nov."
        )

    def test_names_its_rules(self, bruno, example):
        found = read(bruno, example)

        assert dict(found.account.facts) == {
            "Acordo": "Padrão, versão 1",
            "Meta": "Indisponibilidade parcial: solução em 12 h úteis",
            "Calendário": "Padrão: segunda a sexta, 8h às 18h, feriados nacionais",
        }
        assert page.issued(found, found.account.zone) == "13 de novembro de 2025, 10h42, horário de Brasília"
        assert re.fullmatch(r"[0-9A-F]{4}-[0-9A-F]{4}", found.account.code)


def opened(bruno, moment, level=2, **asked):
    return make_ticket(requester=bruno, at=moment, severity=severity(level), **asked)


def said(found):
    return page.headline(found, on_paper=True)


class TestStates:
    def test_running(self, bruno):
        found = read(bruno, opened(bruno, at(12, 9, 14)), now=at(12, 11))

        assert said(found) == ("Solução vence quinta, 13 de novembro de 2025, às 11h14.", "")
        assert [(row.label, row.when) for row in rows_of(found.account.days)] == [("Chamado aberto", "9h14 a agora")]

    def test_overdue(self, bruno):
        figure = read(bruno, opened(bruno, at(12, 9)), now=at(13, 11, 30)).account.figures[-1]

        assert (figure.label, figure.value.striptags(), figure.text) == ("Passou", "0h 30min", "além das 12 h úteis")

    def test_waiting_on_the_customer(self, ana, bruno, suporte):
        ticket = opened(bruno, at(12, 9))
        moving.take(ticket, suporte.start, by=ana, at=at(12, 9, 30))
        moving.take(ticket, suporte.ask, by=ana, at=at(12, 10), given={"comment": "Qual servidor?"})

        for user, about in ((bruno, "quando você responder"), (ana, "com a resposta")):
            found = read(user, ticket, now=at(12, 11))
            assert said(found)[1].startswith("Volta a contar quando ")
            assert rows_of(found.account.days)[-1].about.endswith(f"; volta a contar {about}")

    def test_met_ends_with_the_approval(self, bruno, example, suporte):
        moving.take(example, suporte.approve, by=bruno, at=at(14, 8))

        found = read(bruno, example, now=at(28, 8))

        assert found.account.found.end == at(14, 8)
        assert [one.label for one in found.account.figures[2:]] == ["Da abertura ao fim", "Restaram"]
        last = rows_of(found.account.days)[-1]
        assert (last.when, last.about) == (
            "9h48 a sex, 14 nov, 8h00",
            "Ana entregou a solução; você encerrou o chamado em sex, 14 nov, 8h00",
        )
        assert said(found)[0] == "Solução dentro do prazo, em 7h 32min de 12 h úteis."

    def test_closed_by_silence_says_so(self, bruno, system, example, suporte):
        moving.take(example, suporte.silence, by=system, at=at(25, 9, 48))

        last = rows_of(read(bruno, example, now=at(28, 8)).account.days)[-1]

        assert last.about == "Ana entregou a solução; o chamado fechou sozinho em ter, 25 nov, 9h48"

    def test_reopened_counts_nothing_while_it_was_closed(self, bruno, example, suporte):
        moving.take(example, suporte.approve, by=bruno, at=at(14, 8))
        moving.take(example, suporte.reopen, by=bruno, at=at(14, 10), given={"comment": "Voltou."})

        closed, again = rows_of(read(bruno, example, now=at(14, 11)).account.days)[-2:]

        assert (closed.label, closed.side, closed.uncounted) == ("Fechado", "Ninguém", "2h 00min")
        assert closed.about == "Você encerrou o chamado; você reabriu o chamado às 10h00"
        assert (again.label, again.counted) == ("Em atendimento", "1h 00min")

    def test_the_first_response_ends_with_it(self, ana, bruno, example):
        found = read(bruno, example, "resposta")

        assert [(row.when, row.about) for row in rows_of(found.account.days)] == [
            ("9h14 a 10h31", "Você abriu às 9h14, Ana respondeu às 10h31")
        ]

    def test_nothing_is_promised_in_this_type(self, client, bruno):
        ticket = make_ticket(requester=bruno, at=at(12, 9), type_slug="sugestao-de-melhoria")
        client.force_login(bruno)

        assert "Sem prazo neste tipo" in client.get(f"/chamados/{ticket.number}/prazo/").text
        assert client.get(f"/chamados/{ticket.number}/prazo.csv").status_code == 404

    def test_nothing_is_promised_by_any_agreement(self, client, bruno):
        Assignment.objects.all().delete()
        ticket = opened(bruno, at(12, 9))
        client.force_login(bruno)

        assert "Sem prazo para este chamado" in client.get(f"/chamados/{ticket.number}/prazo/").text

    def test_a_promise_that_was_withdrawn_says_so(self, client, ana, bruno):
        ticket = opened(bruno, timezone.now() - timedelta(hours=2))
        triage.change(
            ticket, by=ana, at=timezone.now(), reason="É sugestão.", request_type=shipped_type("apoio-tecnico")
        )
        client.force_login(bruno)

        shown = client.get(f"/chamados/{ticket.number}/prazo/").text

        assert "Este prazo foi retirado" in shown
        assert "Restam" not in shown

    def test_another_word_for_a_deadline_is_not_found(self, bruno, example):
        for word in ("diagnostico", "equipe-1", "x" * 4000, "\x00"):
            with pytest.raises(Http404):
                read(bruno, example, word)


class TestAmounts:
    def test_seconds_are_written_where_there_are_any(self, bruno):
        found = read(bruno, opened(bruno, at(12, 9, 0, 7)), now=at(12, 10, 0, 0))

        assert [one.value.striptags() for one in found.account.figures[::3]] == ["0h 59min 53s", "11h 00min 07s"]

    def test_columns_add_up_to_the_time_since_the_opening(self, bruno, example):
        found = read(bruno, example, now=at(13, 10, 42, 5)).account.found

        assert found.counted + found.uncounted == (at(13, 10, 42, 5) - at(12, 9, 14)).total_seconds()


class TestRules:
    def test_names_the_agreement_of_before_too(self, ana, bruno, suporte):
        policy = make_policy({(2, "solution"): 12}, name="Contrato Prata", effective_from=at(1, 8))
        other = make_policy({(2, "solution"): 8}, name="Contrato Ouro", effective_from=at(3, 8))
        assign(policy)
        ticket = opened(bruno, at(12, 9))
        moving.take(ticket, suporte.start, by=ana, at=at(12, 9))
        moving.take(ticket, suporte.ask, by=ana, at=at(12, 10), given={"comment": "Qual servidor?"})
        conversation.comment(ticket, by=bruno, at=at(12, 11), body="O de laudos.")
        assign(other, request_type=shipped_type("falha-tecnica"))
        contract = make_contract(organization=ticket.organization, number="Ouro 2025")
        triage.change(ticket, by=ana, at=at(12, 12), reason="Renovado", contract=contract)

        facts = dict(read(bruno, ticket, now=at(12, 13)).account.facts)

        assert facts["Acordo"] == (
            "Contrato Ouro, versão 1, em vigor desde 3 de novembro de 2025. "
            "Antes: Contrato Prata, versão 1, em vigor desde 1º de novembro de 2025"
        )

    def test_leads_to_what_was_agreed(self, client, ana, bruno, example):
        for user, place, agreed in (
            (bruno, "/chamados", f"/prazos/?organizacao={example.organization_id}"),
            (ana, "/mesa/chamados", f"/mesa/clientes/{example.organization_id}/prazos/"),
        ):
            client.force_login(user)
            shown = client.get(f"{place}/{example.number}/prazo/").text
            assert f'href="{agreed}#metas"' in shown
            assert client.get(agreed).status_code == 200

    def test_says_what_was_counted_again(self, client, bruno, elisa, system, example):
        holiday = make_plan(own=(OwnDay("Aniversário da cidade", date(2025, 11, 12), closes=16 * 3600),))
        calendar = Calendar.objects.default()
        versions.save_draft(calendar, holiday, by=elisa, at=NOW)
        versions.publish(calendar, by=elisa, at=NOW, effective_from=at(12, 0), corrects_past=True)
        for asked in Retargeting.objects.to_do(NOW):
            bulk.run(asked, at=NOW, by=system)

        found = read(bruno, example)

        recounts = [row.recount for row in rows_of(found.account.days) if row.recount]
        assert recounts == ["Recontado em 13 de novembro de 2025, antes 6h 15min: Aniversário da cidade"]
        assert found.account.figures[0].value.striptags() == "5h 32min"
        client.force_login(bruno)
        assert "Parte desta conta foi recontada" in client.get(f"/chamados/{example.number}/prazo/?prazo=solucao").text


class TestReaders:
    def test_a_contact_reads_the_name_that_is_for_customers(self, ana, bruno, suporte):
        Status.objects.filter(pk__in=[suporte.working.pk, suporte.waiting.pk]).update(customer_name="Nome de fora")
        ticket = opened(bruno, at(12, 9))
        moving.take(ticket, suporte.start, by=ana, at=at(12, 9, 20))
        moving.take(ticket, suporte.ask, by=ana, at=at(12, 10), given={"comment": "Qual servidor?"})
        conversation.comment(ticket, by=bruno, at=at(12, 11), body="O de laudos.")

        names = {
            user: [row.label for row in rows_of(read(user, ticket, now=at(12, 12)).account.days)[1:]]
            for user in (bruno, ana)
        }

        assert names[bruno] == ["Nome de fora", "Nome de fora"]
        assert names[ana] == ["Pendência cliente", "Em atendimento"]

    def test_clocks_between_teams_are_for_staff(self, client, ana, bruno):
        version = PolicyVersion.objects.create(policy=make_policy({(2, "solution"): 12}), number=2)
        team = make_ticket(requester=bruno).team
        Target.objects.create(version=version, severity=severity(2), metric=Metric.TEAM, team=team, minutes=60)
        version.effective_from = version.published_at = at(1, 8)
        version.save()
        assign(version.policy)
        ticket = opened(bruno, at(12, 9))
        triage.transfer(ticket, make_team(name="Desenvolvimento"), by=ana, at=at(12, 9, 30), reason="É código.")
        key = f"equipe-{team.pk}"

        found = read(ana, ticket, "", now=at(12, 10))
        assert (found.tabs[0].key, found.tabs[0].label) == (key, f"Equipe {team.name}")
        assert [row.label for row in rows_of(found.account.days)] == ["Chamado aberto", "Com outra equipe"]
        client.force_login(bruno)
        assert team.name not in client.get(f"/chamados/{ticket.number}/prazo/").text
        assert client.get(f"/chamados/{ticket.number}/prazo/?prazo={key}").status_code == 404
        assert client.get(f"/chamados/{ticket.number}/prazo.csv?prazo={key}").status_code == 404

    def test_case_43_somebody_of_another_company_reads_amounts_alone(self, client, ana, bruno, carla, example):
        make_contract(organization=example.organization, number="Ouro 2025")
        sharing.share(example, carla.email, by=ana, at=at(13, 10), whole=True)
        client.force_login(carla)

        shown = client.get(f"/chamados/{example.number}/prazo/?prazo=solucao")

        assert shown.status_code == 200
        assert "7h 32<small>min</small>" in shown.text
        hidden = ("Ana", "Bruno", "Pendência cliente", "Padrão, versão", "do contrato", '<svg class="strip"', "10h31")
        assert not [word for word in hidden if word in shown.text]
        assert client.get(f"/chamados/{example.number}/prazo.csv?prazo=solucao").status_code == 404

    def test_a_colleague_is_not_taken_for_who_asked(self, beatriz, bruno, example):
        found = read(beatriz, example)

        assert rows_of(found.account.days)[1].about == "Ana pediu informações; Bruno respondeu às 13h33"
        assert rows_of(found.account.days)[1].side == example.organization.name
        assert found.account.figures[1].text == "3h 56min com o cliente, 14h fora do horário"

    def test_a_colleague_who_answered_is_named(self, beatriz, ana, bruno, suporte):
        ticket = opened(bruno, at(12, 9))
        moving.take(ticket, suporte.start, by=ana, at=at(12, 9))
        moving.take(ticket, suporte.ask, by=ana, at=at(12, 10), given={"comment": "Qual servidor?"})
        conversation.comment(ticket, by=beatriz, at=at(12, 11), body="O de laudos.")

        about = rows_of(read(bruno, ticket, now=at(12, 12)).account.days)[1].about

        assert about == "Ana pediu informações; Beatriz respondeu às 11h00"

    def test_who_asked_before_the_ticket_was_moved_has_no_name(self, ana, bruno, carla, bela, example):
        triage.move_to_organization(example, bela, carla, by=ana, at=at(13, 10), reason="Aberto na empresa errada")

        about = " ".join(row.about for row in rows_of(read(carla, example).account.days))

        assert "Bruno" not in about
        assert "o cliente respondeu às 13h33" in about

    def test_times_are_those_of_the_calendar(self, client, bruno, example):
        bruno.time_zone = "America/Manaus"
        bruno.save(update_fields=["time_zone"])
        client.force_login(bruno)

        shown = client.get(f"/chamados/{example.number}/prazo/?prazo=solucao").text

        assert "9h14 a 10h31" in shown
        assert "Os horários são os do calendário: horário de Brasília." in shown


class TestAnswers:
    def test_the_spreadsheet_has_the_same_rows(self, client, bruno, example):
        client.force_login(bruno)

        answer = client.get(f"/chamados/{example.number}/prazo.csv?prazo=solucao")

        assert answer.headers["Content-Disposition"] == f'attachment; filename="prazo-{example.number}-solucao.csv"'
        assert answer.content.startswith(b"\xef\xbb\xbf")
        lines = [line.split(";") for line in answer.text.lstrip("\ufeff").splitlines()]
        assert lines[0] == [
            "Início",
            "Fim",
            "O que aconteceu",
            "Detalhes",
            "De que lado",
            "Contou",
            "Não contou",
            "Soma contada",
        ]
        assert [(line[0], line[2], line[-3:]) for line in lines[1:6]] == [
            ("2025-11-12 09:14:00", "Chamado aberto e em atendimento", ["1:17:00", "0:00:00", "1:17:00"]),
            ("2025-11-12 10:31:00", "Pendência cliente", ["0:00:00", "3:02:00", "1:17:00"]),
            ("2025-11-12 13:33:00", "Em atendimento", ["4:27:00", "0:00:00", "5:44:00"]),
            ("2025-11-12 18:00:00", "Fora do horário de atendimento", ["0:00:00", "14:00:00", "5:44:00"]),
            ("2025-11-13 08:00:00", "Em atendimento", ["1:48:00", "0:00:00", "7:32:00"]),
        ]

    def test_case_130_the_spreadsheet_holds_no_formula(self, client, ana, example):
        Organization.objects.filter(pk=example.organization_id).update(name="=1+1")
        client.force_login(ana)

        answer = client.get(f"/mesa/chamados/{example.number}/prazo.csv?prazo=solucao")

        assert ";'=1+1;" in answer.text

    def test_the_ticket_leads_to_it(self, client, ana, bruno, example):
        for user, place in ((bruno, "/chamados"), (ana, "/mesa/chamados")):
            client.force_login(user)
            assert f'href="{place}/{example.number}/prazo/"' in client.get(f"{place}/{example.number}/").text

    def test_the_sheet_is_the_page_without_its_ways_around(self, client, bruno, example):
        client.force_login(bruno)

        shown = client.get(f"/chamados/{example.number}/prazo/?prazo=solucao&folha=1").text

        assert "9h14 a 10h31" in shown
        assert '<nav class="views' not in shown

    @pytest.mark.parametrize("sheet", ["", "&folha=1"])
    def test_costs_the_same_with_many_intervals(self, client, bruno, example, django_assert_max_num_queries, sheet):
        client.force_login(bruno)
        address = f"/chamados/{example.number}/prazo/?prazo=solucao{sheet}"
        client.get(address)
        with django_assert_max_num_queries(12) as few:
            client.get(address)

        lengthen(example, 500)

        with django_assert_max_num_queries(len(few)):
            shown = client.get(address)
        assert shown.text.count("<tr>") > 500


def lengthen(ticket, count):
    """Part the last stretch of the solution's clock into `count`, as a ticket that went to and fro: rows, not steps."""
    clock = Clock.objects.get(ticket=ticket, metric=Metric.SOLUTION)
    version = Calendar.objects.default().versions.get()
    like = {"clock": clock, "policy_version_id": clock.policy_version_id, "status_id": clock.status_id}
    for number in range(count):
        start, end = clock.since, clock.since + timedelta(minutes=10)
        counts = number % 2 == 0
        Interval.objects.create(
            start=start,
            end=end,
            counts=counts,
            reason="working" if counts else "waiting_on_customer",
            calendar_version=version if counts else None,
            counted_seconds=0,
            **like,
        )
        clock.since = end
    clock.save()
