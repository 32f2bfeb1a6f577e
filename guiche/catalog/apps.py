"""The catalog app: its request types and products send tickets to teams."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext as _

from guiche.accounts import team_use


class CatalogConfig(AppConfig):
    name = "guiche.catalog"
    label = "catalog"

    def ready(self) -> None:
        team_use.register(self._keeps_team)

    def _keeps_team(self, team: Any) -> str:  # Any: models cannot be imported before apps are ready
        names = [
            *self.get_model("RequestType")._default_manager.filter(default_team=team, is_active=True),
            *self.get_model("Product")._default_manager.filter(team=team, is_active=True),
        ]
        if not names:
            return ""
        sentence = _("Tickets of %s come to this team. Choose another one for them first.")
        return sentence % ", ".join(str(name) for name in names)
