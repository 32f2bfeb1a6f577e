"""The tickets app, which holds on to the files of its attachments."""

from typing import Any

from django.apps import AppConfig
from django.db.models import QuerySet

from guiche.files import links


class TicketsConfig(AppConfig):
    name = "guiche.tickets"
    label = "tickets"

    def ready(self) -> None:
        links.register(self._attached)

    def _attached(self) -> QuerySet[Any, Any]:  # Any: values of one column
        return self.get_model("Attachment")._default_manager.values("file")
