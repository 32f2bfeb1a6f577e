from django.apps import AppConfig


class InstallationConfig(AppConfig):
    name = "guiche.installation"
    label = "installation"
