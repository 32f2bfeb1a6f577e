"""Own days out of files of city halls, of other calendars, and of people who mean harm."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiche.calendars import holidays, ical, plan_check
from guiche.calendars.ical import FileRefused
from guiche.calendars.plan import MonthDay, OwnDay
from tests.factories.calendars import make_plan

SPLINTERS = [b"\r\n", b"RRULE:", b"DTSTART:", b";", b":", b'"', b"\xff", b"\r\nDTSTART:", b"BEGIN:VEVENT\r\n", b"9999"]


def file_of(*events, head="VERSION:2.0\r\nPRODID:-//Prefeitura//PT"):
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\n{head}\r\n{body}END:VCALENDAR\r\n".encode()


def event(summary="Aniversário", start=";VALUE=DATE:20250402", *more):
    return "\r\n".join([f"SUMMARY:{summary}", f"DTSTART{start}", *more])


class TestDays:
    def test_one_day(self):
        assert ical.read(file_of(event())).days == (OwnDay("Aniversário", date(2025, 4, 2)),)

    def test_every_year(self):
        rule = "RRULE:FREQ=YEARLY;INTERVAL=1;BYMONTH=4;BYMONTHDAY=2"

        found = ical.read(file_of(event("Aniversário", ";VALUE=DATE:20250402", rule)))

        assert found.days == (OwnDay("Aniversário", MonthDay(4, 2)),)

    def test_several_days_without_the_one_after(self):
        found = ical.read(file_of(event("Recesso", ";VALUE=DATE:20251230", "DTEND;VALUE=DATE:20260102")))

        assert [one.day for one in found.days] == [date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 1)]

    def test_names_are_cleaned_and_cut(self):
        found = ical.read(file_of(event("  Dia\\nda\\, cidade \x00" + "x" * 200)))

        name = found.days[0].name
        assert name.startswith("Dia da, cidade xxx")
        assert len(name) == plan_check.LONGEST_NAME

    def test_what_is_read_can_be_published(self):
        found = ical.read(file_of(event(), event("Padroeira", ";VALUE=DATE:20250613", "RRULE:FREQ=YEARLY")))

        plan_check.check(make_plan(own=found.days))

    def test_an_empty_file_has_none(self):
        assert ical.read(file_of()) == ical.Reading(())

    def test_with_a_mark_in_front_and_old_line_ends(self):
        content = b"\xef\xbb\xbf" + file_of(event()).replace(b"\r\n", b"\n")

        assert len(ical.read(content).days) == 1


class TestLeftOut:
    @pytest.mark.parametrize(
        "one",
        [
            event("Reunião", ":20250402T100000Z"),
            event("Reunião", ";TZID=America/Sao_Paulo:20250402T100000"),
            event("Torto", ";VALUE=DATE:20251399"),
            event("", ";VALUE=DATE:20250402"),
            event("Antigo", ";VALUE=DATE:18000402"),
            event("Longo", ";VALUE=DATE:20250402", "DTEND;VALUE=DATE:20260402"),
            event("Cancelado", ";VALUE=DATE:20250402", "STATUS:CANCELLED"),
            event("Semanal", ";VALUE=DATE:20250402", "RRULE:FREQ=WEEKLY"),
            event("Até", ";VALUE=DATE:20250402", "RRULE:FREQ=YEARLY;COUNT=3"),
            event("Domingo", ";VALUE=DATE:20250402", "RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU"),
            event("Outro mês", ";VALUE=DATE:20250402", "RRULE:FREQ=YEARLY;BYMONTH=5"),
            event("De dois em dois", ";VALUE=DATE:20250402", "RRULE:FREQ=YEARLY;INTERVAL=2"),
            event("Segundos", ";VALUE=DATE:20250402", "RRULE:FREQ=SECONDLY"),
            event("Regra torta", ";VALUE=DATE:20250402", "RRULE:NADA"),
            event("Exceto", ";VALUE=DATE:20250402", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20260402"),
            event("Duas", ";VALUE=DATE:20250402", "DTSTART;VALUE=DATE:20250403"),
            "SUMMARY:Sem data",
        ],
    )
    def test_says_why(self, one):
        found = ical.read(file_of(one, event("Boa", ";VALUE=DATE:20250613")))

        assert [day.name for day in found.days] == ["Boa"]
        assert [bool(left.why) for left in found.left_out] == [True]

    def test_what_is_there_already(self):
        plan = make_plan(own=(OwnDay("Fundação", MonthDay(4, 2)),))
        reading = ical.read(
            file_of(
                event(),
                event("Christmas", ";VALUE=DATE:20251225", "RRULE:FREQ=YEARLY"),
                event("Padroeira", ";VALUE=DATE:20250613"),
                event("Santo Antônio", ";VALUE=DATE:20250613"),
            )
        )

        found = ical.new_ones(reading, plan, holidays.frozen(plan, 2024, 2035))

        assert [one.name for one in found.days] == ["Padroeira"]
        assert [one.name for one in found.left_out] == ["Aniversário", "Christmas", "Santo Antônio"]
        assert "Natal" in found.left_out[1].why


class TestHostile:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\x00\xff" * 1000,
            b"<html><body>Not found</body></html>",
            b"BEGIN:VEVENT\r\nEND:VEVENT\r\n",
            b"BEGIN:VCALENDAR\r\n",
            file_of() + file_of(),
            b"x" * (ical.MOST_BYTES + 1),
            file_of(*[event()] * (ical.MOST_EVENTS + 1)),
            b"BEGIN:VCALENDAR\r\n" + b"begin:vevent\r\n" * 3000,
        ],
    )
    def test_is_refused_with_a_sentence(self, content):
        with pytest.raises(FileRefused) as refusal:
            ical.read(content)
        assert refusal.value.message

    @settings(max_examples=300, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=6) | st.sampled_from(SPLINTERS)), max_size=6))
    def test_broken_anywhere_it_is_read_or_refused(self, blows):
        content = file_of(event("Boa", ";VALUE=DATE:20250613", "RRULE:FREQ=YEARLY", "DTEND;VALUE=DATE:20250614"))
        for place, splinter in blows:
            content = content[:place] + splinter + content[place + len(splinter) :]

        try:
            found = ical.read(content)
        except FileRefused:
            return
        assert all(one.name and plan_check.already(one, (), {}) == "" for one in found.days)

    @pytest.mark.parametrize(
        "content",
        [
            file_of("SUMMARY:" + "\\," * 400_000),
            file_of("SUMMARY:" + "a\r\n " * 200_000),
            file_of("SUMMARY:x\r\nRDATE;VALUE=DATE:" + "20250101," * 100_000 + "20250102"),
            file_of(event(), head="X-A" + ";A=b" * 200_000 + ":x"),
            b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VTODO\r\n" * 30_000 + b"END:VTODO\r\n" * 30_000 + b"END:VCALENDAR\r\n",
        ],
    )
    def test_takes_no_time(self, content):
        began = time.process_time()

        ical.read(content)

        assert time.process_time() - began < 5


class TestTooMuch:
    """Within 1 MB a few lines can mean very much: each day is compared with all before it."""

    def test_case_109_folded_lines_hide_no_event(self):
        content = file_of(*[event()] * 2_001).replace(b"BEGIN:VEVENT", b"BEG\r\n IN:VEVENT")

        with pytest.raises(FileRefused, match=r"2\.000 eventos"):
            ical.read(content)

    def test_case_109_long_events_are_counted_by_their_days(self):
        first = date(2025, 1, 1).toordinal()
        days = [date.fromordinal(first + 31 * n) for n in range(65)]
        spans = [(f"{day:%Y%m%d}", f"{date.fromordinal(day.toordinal() + 31):%Y%m%d}") for day in days]
        whole = [event("Recesso", f";VALUE=DATE:{since}", f"DTEND;VALUE=DATE:{until}") for since, until in spans]

        with pytest.raises(FileRefused, match=r"2\.000 dias"):
            ical.read(file_of(*whole))

    def test_what_old_programs_write_keeps_its_accents(self):
        content = file_of(event("Aniversário de São João")).decode().encode("cp1252")

        assert ical.read(content).days[0].name == "Aniversário de São João"
