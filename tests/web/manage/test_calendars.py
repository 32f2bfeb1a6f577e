"""Calendars as administrators draft, look at and publish them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from guiche.audit.models import Entry
from guiche.calendars import compiling
from guiche.calendars.actions import versions
from guiche.calendars.hours import Window
from guiche.calendars.models import Calendar, Kind
from guiche.calendars.plan import MonthDay, OptionalDay, OwnDay, Plan, WorkedDay
from guiche.sla.models import Retargeting
from tests.factories.calendars import make_calendar, make_city_calendar, make_plan, shipped_calendar, week
from tests.factories.promises import assign
from tests.web.desk.conftest import text_of
from tests.web.manage.sent import Fields, fields_of

HOUR = 3600
BASE = "/administracao/calendarios/"
SANTOS = OwnDay("Aniversário da cidade", MonthDay(1, 26))
EVE = OwnDay("Véspera", date(2026, 12, 24), closes=12 * HOUR)
SATURDAY = WorkedDay(date(2026, 12, 12), "Implantação", (Window(8 * HOUR, 12 * HOUR),))


@pytest.fixture
def night(administration) -> Calendar:
    return make_calendar(name="Noturno", plan=make_plan(own=(SANTOS, EVE), worked=(SATURDAY,)))


def of(calendar: Calendar, rest: str = "") -> str:
    return f"{BASE}{calendar.pk}/{rest}"


def draft(calendar: Calendar) -> Plan:
    return compiling.plan_of(calendar.versions.drafts().get())


def form_of(answer, *holding: str) -> Fields:
    """Return what a browser would send of the form as it was drawn."""
    return fields_of(answer.content.decode(), holding=list(holding))


def error(answer, field: str) -> str:
    """Return what stands beside a field."""
    found = re.search(rf'id="id_{field}-error">(.*?)</p>', answer.content.decode(), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


class TestList:
    def test_says_what_each_says_and_who_counts_by_it(self, administration, acme, night):
        assign(calendar=night, organization=acme)
        make_city_calendar(city="São José")
        make_calendar(name="Antigo", is_active=False)

        said = text_of(administration.get(BASE))

        assert "Padrão padrão Segunda a sexta, 8h às 18h, horário de Brasília Quem usa: quem não tem outro" in said
        assert "Noturno Segunda a sexta, 8h às 18h, horário de Brasília Quem usa: Acme" in said
        assert "São José Cidade Fechado nos feriados de São José (SC) Quem usa: clientes da cidade" in said
        assert "Antigo" in said.partition("Arquivados")[2]


class TestNew:
    def test_makes_a_draft_of_hours(self, administration):
        answer = administration.post(f"{BASE}novo/", {"name": "Plantão", "kind": "hours", "state": "", "city": ""})

        made = Calendar.objects.get(name="Plantão")
        assert answer["Location"] == of(made)
        page = text_of(administration.get(of(made)))
        assert "Rascunho: nada conta por ele" in page
        assert "Descartar rascunho" not in page

    def test_makes_one_of_a_city(self, administration):
        sent = {"name": "Capital", "kind": "city", "state": "SP", "city": "São Paulo"}

        administration.post(f"{BASE}novo/", sent)

        made = Calendar.objects.get(name="Capital")
        assert (made.kind, made.state, made.city) == (Kind.CITY, "SP", "São Paulo")
        page = text_of(administration.get(of(made)))
        assert "Fechado nos feriados de São Paulo (SP)" in page
        assert "Editar horário" not in page
        assert administration.get(of(made, "horario/")).status_code == 404

    def test_says_beside_the_field_what_is_wrong(self, administration):
        answer = administration.post(f"{BASE}novo/", {"name": "Padrão", "kind": "city", "state": "", "city": "Ilhéus"})

        said = text_of(answer)
        assert answer.status_code == 422
        assert "Já existe" in said
        assert error(answer, "name").startswith("Já existe")
        assert error(answer, "state") == "Escolha um estado da lista."
        assert form_of(answer, "city")["city"] == ["Ilhéus"]


class TestPage:
    def test_draws_the_year_with_its_days_by_name(self, administration):
        shipped = shipped_calendar()

        answer = administration.get(of(shipped), {"ano": "2025"})

        page, said = answer.content.decode(), text_of(answer)
        assert "Ano de 2025" in said
        assert "Feriados e exceções 10" in said
        assert "qui, 20 nov Dia Nacional de Zumbi e da Consciência Negra nacional" in said
        assert "qui, 1º mai" in said
        assert "<title>quinta, 20 de novembro" in page
        assert page.count('<section class="month">') == 12
        assert "dias abertos e 2.5" in said

    @pytest.mark.parametrize("year", ["0000", "99999", "abc", "-1", "２０２５"])
    def test_of_no_year_is_this_year_or_the_nearest(self, administration, year):
        assert administration.get(of(shipped_calendar()), {"ano": year}).status_code == 200

    def test_changes_days_where_edits_begin(self, administration, night, elisa):
        link = of(night, "datas/2026-12-24/")
        assert link in administration.get(of(night)).content.decode()

        versions.save_draft(night, make_plan(), by=elisa, at=timezone.now())
        assert link not in administration.get(of(night, "versoes/1/")).content.decode()

    def test_tells_versions_apart(self, administration, night, elisa):
        now = timezone.now()
        versions.save_draft(night, make_plan(weekly=week((9, 17))), by=elisa, at=now)
        versions.publish(night, by=elisa, at=now, effective_from=now + timedelta(days=30))
        versions.save_draft(night, make_plan(weekly=week((7, 19))), by=elisa, at=now)

        said = text_of(administration.get(of(night)))

        assert "Versão 3 rascunho" in said
        assert "Versão 2, a partir de" in said
        assert "Versão 1, em vigor" in said
        assert "O horário passa a ser: Segunda a sexta, 7h às 19h." in said
        assert "Retirar esta versão" not in said
        assert "Retirar esta versão" in text_of(administration.get(of(night, "versoes/2/")))

    def test_of_no_such_version_is_not_found(self, administration, night):
        assert administration.get(of(night, "versoes/9/")).status_code == 404
        assert administration.get(f"{BASE}987654/").status_code == 404


class TestHours:
    def sent(self, **changed):
        office = {f"weekly-{number}": "8h às 18h" if number < 5 else "" for number in range(7)}
        return office | {"zone": "America/Sao_Paulo"} | changed

    def test_are_kept_in_the_draft_as_typed(self, administration, night):
        answer = administration.post(
            of(night, "horario/"),
            self.sent(**{"weekly-0": "8h às 12h e 13:30 - 18", "weekly-5": "22h às 2h", "zone": "America/Manaus"}),
        )

        assert answer["Location"] == of(night)
        plan = draft(night)
        assert plan.weekly[0] == (Window(8 * HOUR, 12 * HOUR), Window(13 * HOUR + 1800, 18 * HOUR))
        assert plan.weekly[5] == (Window(22 * HOUR, 26 * HOUR),)
        assert plan.zone == "America/Manaus"
        assert plan.own == (SANTOS, EVE)

    def test_are_shown_as_they_are_typed(self, administration, night):
        page = administration.get(of(night, "horario/")).content.decode()

        assert page.count('value="8h às 18h"') == 5

    def test_that_are_the_same_make_no_draft(self, administration, night):
        administration.post(of(night, "horario/"), self.sent())

        assert not night.versions.drafts().exists()

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("weekly-1", "manhã", "Escreva o horário como em 8h às 12h"),
            ("weekly-1", "8h às 12h e 11h às 18h", "Dois intervalos se sobrepõem"),
            ("weekly-1", "8h às 8h", "Um intervalo termina na hora em que começa"),
            ("weekly-1", "18h às 17h", ""),
            ("zone", "Marte", "Faça uma escolha válida"),
        ],
    )
    def test_refused_keep_what_was_typed(self, administration, night, field, typed, words):
        answer = administration.post(of(night, "horario/"), self.sent(**{field: typed}))

        assert answer.status_code == 422
        assert form_of(answer, "weekly-0")[field] == ([typed] if field != "zone" else [])
        assert error(answer, field).startswith(words)
        assert not night.versions.drafts().exists()

    def test_are_refused_all_at_once(self, administration, night):
        answer = administration.post(
            of(night, "horario/"), self.sent(**{"weekly-0": "8h às 12h e 11h às 18h", "weekly-2": "manhã"})
        )

        assert error(answer, "weekly-0").startswith("Dois intervalos se sobrepõem")
        assert error(answer, "weekly-2").startswith("Escreva o horário")

    def test_that_are_wrong_alike_are_told_apart_by_their_day(self, administration, night):
        twice = dict.fromkeys(("weekly-0", "weekly-4"), "8h às 12h e 11h às 18h")

        said = text_of(administration.post(of(night, "horario/"), self.sent(**twice)))

        assert "Segunda: Dois intervalos se sobrepõem" in said
        assert "Sexta: Dois intervalos se sobrepõem" in said

    def test_that_never_open_are_refused(self, administration, night):
        answer = administration.post(of(night, "horario/"), self.sent(**{f"weekly-{n}": "" for n in range(7)}))

        assert "calendário que nunca abre" in text_of(answer)

    def test_the_slower_of_two_is_told_and_may_go_on(self, administration, night, elisa):
        seen = form_of(administration.get(of(night, "horario/")), "seen")["seen"]
        versions.save_draft(night, make_plan(weekly=week((7, 19))), by=elisa, at=timezone.now())

        told = administration.post(of(night, "horario/"), self.sent(**{"weekly-0": "9h às 17h"}, seen=seen))

        assert told.status_code == 422
        assert "depois que você" in text_of(told)
        assert "7h às 19h" in text_of(told)
        again = form_of(told, "seen")
        assert again["weekly-0"] == ["9h às 17h"]
        again = administration.post(of(night, "horario/"), again)
        assert again.status_code == 302
        assert draft(night).weekly[0] == (Window(9 * HOUR, 17 * HOUR),)

    def test_two_who_change_other_parts_are_not_in_each_others_way(self, administration, night, elisa):
        seen = form_of(administration.get(of(night, "horario/")), "seen")["seen"]
        more = OwnDay("Padroeira", MonthDay(9, 8))
        versions.save_draft(night, make_plan(own=(SANTOS, EVE, more)), by=elisa, at=timezone.now())

        administration.post(of(night, "horario/"), self.sent(**{"weekly-0": "9h às 17h"}, seen=seen))

        assert draft(night).own == (SANTOS, EVE, more)
        assert draft(night).weekly[0] == (Window(9 * HOUR, 17 * HOUR),)


class TestHolidays:
    @pytest.fixture
    def page(self, administration, night):
        return administration.get(of(night, "feriados/"))

    def place_of(self, page, name: str) -> str:
        """Return the number of an optional day on the page."""
        return re.search(rf'id="id_day-(\d+)"[^>]*> {name}', page.content.decode())[1]

    def test_are_chosen_one_by_one(self, administration, night, page):
        sent, ash, eve = form_of(page, "kept"), self.place_of(page, "Quarta-feira"), self.place_of(page, "Corpus")
        sent["kept"].remove("Tiradentes")
        sent |= {f"day-{ash}": ["on"], f"opens-{ash}": ["13h"], f"day-{eve}": ["on"]}

        administration.post(of(night, "feriados/"), sent)

        plan = draft(night)
        assert plan.declined == ("Tiradentes",)
        assert plan.optional == (OptionalDay("Quarta-feira de Cinzas", 13 * HOUR), OptionalDay("Corpus Christi"))

    def test_that_fall_on_an_own_day_are_refused_naming_it(self, administration, night, page):
        sent = form_of(page, "kept") | {f"day-{self.place_of(page, 'Véspera de N')}": ["on"]}

        answer = administration.post(of(night, "feriados/"), sent)

        assert "Véspera: Este dia já é feriado: Véspera de Natal." in text_of(answer)

    def test_that_are_the_same_make_no_draft(self, administration, night, page):
        answer = administration.post(of(night, "feriados/"), form_of(page, "kept"))

        assert answer.status_code == 302
        assert not night.versions.drafts().exists()

    def test_of_another_state_are_shown_before_they_are_saved(self, administration, night, page):
        sent = form_of(page, "kept")
        sent["kept"].remove("Tiradentes")

        shown = administration.post(of(night, "feriados/"), sent | {"state": ["SP"], "show": ["1"]})

        assert not night.versions.drafts().exists()
        assert "Revolução Constitucionalista" in text_of(shown)
        sent = form_of(shown, "kept")
        assert "Tiradentes" not in sent["kept"]
        own = next(code for code in sent["kept"] if code.startswith("Revolução"))
        sent["kept"].remove(own)
        administration.post(of(night, "feriados/"), sent)
        plan = draft(night)
        assert (plan.state, sorted(plan.declined)) == ("SP", sorted(["Tiradentes", own]))

    def test_of_the_law_may_be_none(self, administration, night, page):
        administration.post(of(night, "feriados/"), form_of(page, "kept") | {"keeps_law": []})

        assert draft(night).country == ""

    def test_refused_say_why_beside_the_time(self, administration, night, page):
        sent = {"day-2": ["on"], "opens-2": ["15h"], "closes-2": ["9h"]}

        answer = administration.post(of(night, "feriados/"), form_of(page, "kept") | sent)

        assert answer.status_code == 422
        assert error(answer, "opens-2").startswith("Fecha antes de abrir")
        assert form_of(answer, "kept")["closes-2"] == ["9h"]

    def test_the_slower_of_two_is_told(self, administration, night, elisa, page):
        versions.save_draft(night, make_plan(declined=("Natal",)), by=elisa, at=timezone.now())
        sent = form_of(page, "kept")
        sent["kept"].remove("Tiradentes")

        answer = administration.post(of(night, "feriados/"), sent)

        assert answer.status_code == 422
        assert "depois que você" in text_of(answer)


class TestOwnDay:
    SENT = {"name": "Padroeira", "day": "2026-09-08", "is_yearly": "on", "opens": "", "closes": "12h"}

    def test_comes_into_the_draft(self, administration, night):
        answer = administration.post(of(night, "datas/nova/"), self.SENT)

        assert answer["Location"] == of(night)
        assert draft(night).own[-1] == OwnDay("Padroeira", MonthDay(9, 8), closes=12 * HOUR)
        assert "Padroeira 08/09 de todo ano · fecha às 12h" in text_of(administration.get(of(night)))

    @pytest.mark.parametrize(
        ("changed", "field", "words"),
        [
            ({"name": " "}, "name", "Escreva um nome"),
            ({"name": "x" * 130}, "name", "no máximo 120"),
            ({"day": "2026-13-01"}, "day", "Escreva o dia"),
            ({"day": "2026-01-26"}, "day", "Este dia já está"),
            ({"day": "2026-12-25"}, "day", "Este dia já é feriado: Natal"),
            ({"day": "1800-01-01", "is_yearly": ""}, "day", "de 1990 a 2199"),
            ({"closes": "meio-dia"}, "closes", "Escreva a hora"),
            ({"opens": "15h"}, "opens", "Fecha antes de abrir"),
        ],
    )
    def test_refused_says_why_beside_the_field(self, administration, night, changed, field, words):
        answer = administration.post(of(night, "datas/nova/"), self.SENT | changed)

        assert answer.status_code == 422
        assert words in error(answer, field)
        assert not night.versions.drafts().exists()

    def test_is_changed_where_it_is(self, administration, night, elisa):
        versions.save_draft(night, make_plan(own=(SANTOS, EVE)), by=elisa, at=timezone.now())
        page = administration.get(of(night, "datas/2026-12-24/"))
        sent = form_of(page, "seen")
        assert sent["closes"] == ["12h"]

        administration.post(of(night, "datas/2026-12-24/"), sent | {"name": ["Véspera de Natal"], "closes": ["11h30"]})

        assert draft(night).own == (SANTOS, OwnDay("Véspera de Natal", date(2026, 12, 24), closes=11 * HOUR + 1800))

    def test_of_every_year_is_shown_in_its_next_year(self, administration, night):
        page = administration.get(of(night, "datas/01-26/"))

        sent = form_of(page, "seen")
        assert sent["day"][0].endswith("-01-26")
        assert sent["is_yearly"] == ["on"]

    def test_that_somebody_took_out_meanwhile_is_said_so(self, administration, night, elisa):
        page = administration.get(of(night, "datas/2026-12-24/"))
        sent = form_of(page, "seen")
        versions.save_draft(night, make_plan(own=(SANTOS,)), by=elisa, at=timezone.now())

        assert administration.post(of(night, "datas/2026-12-24/"), sent).status_code == 404

    def test_is_taken_out(self, administration, night):
        answer = administration.post(of(night, "datas/2026-12-24/tirar/"))

        assert answer["Location"] == of(night)
        assert draft(night).own == (SANTOS,)

    def test_that_is_not_there_cannot_be_taken_out(self, administration, night):
        answer = administration.post(of(night, "datas/2026-12-31/tirar/"))

        assert answer.status_code == 422
        assert "Alguém retirou esta data" in text_of(answer)


class TestWorkedDay:
    SENT = {"name": "Mutirão", "day": "2026-12-19", "hours": "8h às 12h"}

    def test_comes_into_the_draft(self, administration, night):
        administration.post(of(night, "trabalhados/novo/"), self.SENT)

        assert draft(night).worked == (SATURDAY, WorkedDay(date(2026, 12, 19), "Mutirão", SATURDAY.windows))
        said = text_of(administration.get(of(night), {"ano": "2026"}))
        assert "sáb, 19 dez Mutirão aberto das 8h às 12h" in said

    @pytest.mark.parametrize(
        ("changed", "field", "words"),
        [
            ({"hours": ""}, "hours", "de que hora a que hora"),
            ({"hours": "8h"}, "hours", "Escreva o horário"),
            ({"hours": "8h às 12h, 11h às 13h"}, "hours", "se sobrepõem"),
            ({"day": "2026-12-12"}, "day", "duas vezes"),
            ({"day": "2026-12-25"}, "day", "Natal"),
            ({"name": ""}, "name", "Diga o motivo"),
        ],
    )
    def test_refused_says_why_beside_the_field(self, administration, night, changed, field, words):
        answer = administration.post(of(night, "trabalhados/novo/"), self.SENT | changed)

        assert answer.status_code == 422
        assert words in error(answer, field)

    def test_is_changed_and_taken_out(self, administration, night):
        administration.post(of(night, "trabalhados/2026-12-12/"), self.SENT)
        assert [one.day for one in draft(night).worked] == [date(2026, 12, 19)]

        administration.post(of(night, "trabalhados/2026-12-19/tirar/"))
        assert draft(night).worked == ()


FILE = b"""BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260908
SUMMARY:Padroeira
RRULE:FREQ=YEARLY
END:VEVENT
BEGIN:VEVENT
DTSTART:20260909T120000Z
SUMMARY:Almoco
END:VEVENT
END:VCALENDAR
"""


class TestImport:
    def send(self, administration, night, content):
        return administration.post(of(night, "importar/"), {"file": SimpleUploadedFile("cidade.ics", content)})

    def test_says_what_came_and_what_was_left_out_and_why(self, administration, night):
        answer = self.send(administration, night, FILE)

        said = text_of(answer)
        assert answer.status_code == 200
        assert "Datas que entraram no rascunho 1 Padroeira 08/09 de todo ano" in said
        assert "Ficaram de fora 1 Almoco" in said
        assert "só entram dias inteiros" in said
        assert draft(night).own[-1] == OwnDay("Padroeira", MonthDay(9, 8))

    @pytest.mark.parametrize(
        ("content", "words"),
        [(b"", "vazio"), (b"nada", "não é um arquivo"), (b"x" * (1024 * 1024 + 1), "mais de 1 MB")],
    )
    def test_refused_says_why_beside_the_field(self, administration, night, content, words):
        answer = self.send(administration, night, content)

        assert answer.status_code == 422
        assert words in error(answer, "file")


class TestPublish:
    @pytest.fixture(autouse=True)
    def drafted(self, night, elisa):
        versions.save_draft(night, make_plan(weekly=week((7, 19))), by=elisa, at=timezone.now())

    def look(self, administration, night, **sent):
        page = administration.get(of(night, "publicar/"))
        return administration.post(of(night, "publicar/"), form_of(page, "looked") | {"look": "1"} | sent)

    def send(self, administration, night, looked, **sent):
        return administration.post(of(night, "publicar/"), form_of(looked, "looked") | {"publish": "1"} | sent)

    def test_is_looked_at_first(self, administration, night):
        page = administration.get(of(night, "publicar/"))
        assert "Publicar versão 2" not in text_of(page).partition("De agora em diante")[2]

        looked = self.look(administration, night)

        said = text_of(looked)
        assert "Venceriam na hora" in said
        assert "Publicar versão 2" in said.partition("De agora em diante")[2]
        assert night.versions.drafts().exists()

    def test_counts_from_now_on(self, administration, night, elisa):
        answer = self.send(administration, night, self.look(administration, night), note="Ano novo")

        version = night.versions.get(number=2)
        asked = Retargeting.objects.get()
        assert answer["Location"] == f"/administracao/prazos/andamento/{asked.pk}/"
        assert (version.published_by, version.note, version.corrects_past) == (elisa, "Ano novo", False)
        assert asked.calendar_version == version
        assert Entry.objects.filter(act="calendar.published").exists()

    def test_counts_from_a_day_on(self, administration, night):
        sent = {"when": "day", "day": "2199-02-01", "hour": "8h"}

        answer = self.send(administration, night, self.look(administration, night, **sent))

        assert answer.status_code == 302
        version = night.versions.get(number=2)
        assert version.effective_from == datetime(2199, 2, 1, 11, tzinfo=UTC)

    def test_corrects_the_past_only_when_told_to(self, administration, night):
        past = {"day": "2025-11-20", "hour": ""}

        refused = self.look(administration, night, when="day", **past)
        assert error(refused, "day").startswith("Isto fica no passado")

        sent = {"when": "past"} | past
        looked = self.look(administration, night, **sent)
        assert "seriam recontados desde" in text_of(looked)
        self.send(administration, night, looked)
        version = night.versions.get(number=2)
        assert (version.corrects_past, version.effective_from) == (True, datetime(2025, 11, 20, 3, tzinfo=UTC))

    @pytest.mark.parametrize(
        ("sent", "field", "words"),
        [
            ({"when": "day"}, "day", "Escolha o dia"),
            ({"when": "past", "day": "2199-01-01"}, "day", "Uma correção começa no passado"),
            ({"when": "past", "day": "1999-01-01"}, "day", "Uma correção não alcança antes disso"),
            ({"when": "day", "day": "0001-01-01"}, "day", "de 1990 a 2199"),
            ({"when": "day", "day": "2199-01-01", "hour": "8h99"}, "hour", "Escreva a hora"),
            ({"when": "someday"}, "when", "Faça uma escolha válida"),
        ],
    )
    def test_refused_says_why_beside_the_field(self, administration, night, sent, field, words):
        answer = self.look(administration, night, **sent)

        assert answer.status_code == 422
        assert words in error(answer, field)

    def test_another_choice_than_was_looked_at_is_looked_at_first(self, administration, night):
        looked = self.look(administration, night)

        answer = self.send(administration, night, looked, when="past", day="2025-11-20")

        assert answer.status_code == 200
        assert "seriam recontados desde" in text_of(answer)
        assert night.versions.drafts().exists()

    def test_a_draft_that_changed_meanwhile_is_looked_at_again(self, administration, night, elisa):
        looked = self.look(administration, night)
        versions.save_draft(night, make_plan(weekly=week((6, 19))), by=elisa, at=timezone.now())

        told = self.send(administration, night, looked)

        assert told.status_code == 422
        assert "Alguém mudou este calendário" in text_of(told)
        assert night.versions.drafts().exists()
        again = administration.post(of(night, "publicar/"), form_of(told, "looked") | {"look": "1"})
        assert again.status_code == 200

    def test_without_a_draft_goes_back(self, administration, night, elisa):
        versions.discard_draft(night, by=elisa)

        assert administration.get(of(night, "publicar/"))["Location"] == of(night)


class TestButtons:
    def test_discard_the_draft(self, administration, night, elisa):
        versions.save_draft(night, make_plan(), by=elisa, at=timezone.now())

        administration.post(of(night, "descartar/"))

        assert not night.versions.drafts().exists()
        assert administration.post(of(night, "descartar/")).status_code == 422

    def test_withdraw_what_has_not_begun(self, administration, night, elisa):
        now = timezone.now()
        versions.save_draft(night, make_plan(weekly=week((9, 17))), by=elisa, at=now)
        versions.publish(night, by=elisa, at=now, effective_from=now + timedelta(days=3))

        administration.post(of(night, "versoes/2/retirar/"))

        assert night.versions.get(number=2).withdrawn_at is not None
        assert administration.post(of(night, "versoes/1/retirar/")).status_code == 422

    def test_make_default(self, administration, night):
        administration.post(of(night, "padrao/"))

        assert Calendar.objects.default() == night
        assert administration.post(of(make_city_calendar(), "padrao/")).status_code == 422

    def test_rename(self, administration, night):
        administration.post(of(night, "renomear/"), {"name": "Plantão"})

        night.refresh_from_db()
        assert night.name == "Plantão"

    def test_archive_and_bring_back(self, administration, night):
        administration.post(of(night, "arquivar/"))
        said = text_of(administration.get(of(night)))
        assert "Este calendário está arquivado" in said
        assert "Editar horário" not in said

        administration.post(of(night, "trazer/"))
        night.refresh_from_db()
        assert night.is_active

    def test_of_one_in_use_are_refused_naming_who(self, administration, night, acme):
        assign(calendar=night, organization=acme)

        answer = administration.post(of(night, "arquivar/"))

        assert answer.status_code == 422
        assert "Este calendário está em uso: Acme." in text_of(answer)
