"""The files app."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "guiche.files"
    label = "files"
