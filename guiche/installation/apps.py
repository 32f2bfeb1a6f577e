"""The installation app, which holds on to its logo."""

from typing import Any

from django.apps import AppConfig
from django.db.models import QuerySet

from guiche.files import links


class InstallationConfig(AppConfig):
    name = "guiche.installation"
    label = "installation"

    def ready(self) -> None:
        links.register(self._logo)

    def _logo(self) -> QuerySet[Any, Any]:  # Any: values of one column
        rows = self.get_model("Installation")._default_manager
        return rows.exclude(logo=None).values("logo")
