"""The calendar that every installation begins with."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps

from guiche.calendars import compiling, holidays, shipped
from guiche.calendars.models import Calendar

BRASILIA = ZoneInfo("America/Sao_Paulo")


@pytest.mark.parametrize("year", range(shipped.FIRST_YEAR, shipped.LAST_YEAR + 1))
def test_its_holidays_are_those_of_the_law(year):
    assert shipped.holidays()[year] == holidays.of(shipped.PLAN, year)


@pytest.mark.django_db
class TestRows:
    def test_one_is_there_and_is_the_default(self):
        found = Calendar.objects.active().with_versions().get()

        assert found == Calendar.objects.default()
        assert (found.name, found.kind, [one.number for one in found.versions.all()]) == ("Padrão", "hours", [1])

    def test_it_counts_office_hours_of_brasilia(self):
        calendar = compiling.stitched(Calendar.objects.default().versions.published())

        friday = datetime(2025, 11, 14, 17, tzinfo=BRASILIA)
        assert calendar.add(friday, 8 * 3600) == datetime(2025, 11, 17, 15, tzinfo=BRASILIA)
        wednesday = datetime(2025, 11, 19, 17, tzinfo=BRASILIA)
        assert [one.reason for one in calendar.intervals(wednesday, datetime(2025, 11, 21, 12, tzinfo=UTC))] == [
            "",
            "",
            "Dia Nacional de Zumbi e da Consciência Negra",
            "",
            "",
        ]

    def test_loading_again_changes_nothing(self):
        Calendar.objects.update(name="Nosso horário")

        shipped.load(apps)

        assert Calendar.objects.get().name == "Nosso horário"
