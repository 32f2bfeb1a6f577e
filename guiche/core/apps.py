"""The ground app: no models, but the first migration prepares the database."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "guiche.core"
    label = "core"
