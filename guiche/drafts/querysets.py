"""Which drafts: of a person, at a place, forgotten."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

if TYPE_CHECKING:
    from guiche.drafts.models import Draft  # noqa: F401 - named in strings below


class DraftQuerySet(QuerySet["Draft"]):
    def visible_to(self, user: Any) -> "DraftQuerySet":  # Any: people live in an app above this one
        """The only door to a draft: nobody but its writer."""
        return self.filter(user=user)

    def at(self, place: str) -> "DraftQuerySet":
        return self.filter(place=place)

    def untouched_since(self, moment: datetime) -> "DraftQuerySet":
        return self.filter(updated_at__lt=moment)

    def held_file_ids(self) -> QuerySet[Any, Any]:  # Any: a queryset of bare ids
        """The ids of all files that a draft holds."""
        return self.model.files.through.objects.values_list("storedfile_id", flat=True)
