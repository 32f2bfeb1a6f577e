"""The tickets app, which holds on to the files of its attachments."""

from typing import Any

from django.apps import AppConfig
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guiche.accounts import team_use
from guiche.files import links


class TicketsConfig(AppConfig):
    name = "guiche.tickets"
    label = "tickets"

    def ready(self) -> None:
        links.register(self._attached)
        team_use.register(self._keeps_team)

    def _attached(self) -> QuerySet[Any, Any]:  # Any: values of one column
        return self.get_model("Attachment")._default_manager.values("file")

    def _keeps_team(self, team: Any) -> str:  # Any: models cannot be imported before apps are ready
        waiting = self.get_model("Ticket")._default_manager.filter(team=team, ended_at=None)
        return _("There are open tickets in this team. Move them to another one first.") if waiting.exists() else ""
