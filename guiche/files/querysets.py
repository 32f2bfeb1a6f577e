"""Which stored files: unheld, waiting for the virus scanner, of one person."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet, Sum

from guiche.files import links

if TYPE_CHECKING:
    from guiche.files.models import StoredFile  # noqa: F401 - named in strings below


class StoredFileQuerySet(QuerySet["StoredFile"]):
    def of(self, owner: Any) -> "StoredFileQuerySet":  # Any: people live in an app above this one
        """What `owner` uploaded. Nobody's files (imported, made by the program) belong to no one."""
        return self.filter(owner=owner) if owner is not None else self.none()

    def unheld(self) -> "StoredFileQuerySet":
        """What no comment, draft or other row holds. One subquery for each app that holds files."""
        nobodys = Q()
        for ids in links.held():
            nobodys &= ~Q(pk__in=ids)
        return self.filter(nobodys)

    def created_before(self, moment: datetime) -> "StoredFileQuerySet":
        return self.filter(created_at__lt=moment)

    def created_since(self, moment: datetime) -> "StoredFileQuerySet":
        return self.filter(created_at__gte=moment)

    def waiting_for_scan(self) -> "StoredFileQuerySet":
        return self.filter(scan="pending").order_by("created_at", "pk")

    def total_size(self) -> int:
        return self.aggregate(total=Sum("size"))["total"] or 0
