"""Which calendars and versions: the named conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Exists, OuterRef, Prefetch, QuerySet

if TYPE_CHECKING:
    from guiche.calendars.models import Calendar, CalendarVersion  # noqa: F401 - named in strings below


class CalendarQuerySet(QuerySet["Calendar"]):
    def active(self) -> CalendarQuerySet:
        """Those that may be chosen for something: not archived, and published at least once."""
        versions = apps.get_model("calendars.CalendarVersion")._default_manager
        return self.filter(Exists(versions.published().filter(calendar=OuterRef("pk"))), is_active=True)

    def of_hours(self) -> CalendarQuerySet:
        """Those of the provider's hours."""
        return self.filter(kind="hours")

    def of_cities(self) -> CalendarQuerySet:
        """Those that say only when a city stands still."""
        return self.filter(kind="city")

    def default(self) -> Calendar:
        """Return the one that counts where none is named."""
        return self.get(is_default=True)

    def with_versions(self) -> CalendarQuerySet:
        """`versions.all()` of each is then what was published, in the order of the numbers, without a draft."""
        versions = apps.get_model("calendars.CalendarVersion")._default_manager
        return self.prefetch_related(Prefetch("versions", queryset=versions.published().order_by("number")))

    def locked(self, calendar: Calendar) -> Calendar:
        """Lock `calendar` against other changes, without holding up clocks that begin to count by it."""
        return self.select_for_update(no_key=True).get(pk=calendar.pk)


class CalendarVersionQuerySet(QuerySet["CalendarVersion"]):
    def drafts(self) -> CalendarVersionQuerySet:
        return self.filter(published_at=None)

    def published(self) -> CalendarVersionQuerySet:
        """What counts now or will: without drafts, and without what was withdrawn before it began."""
        return self.filter(published_at__isnull=False, withdrawn_at=None)
