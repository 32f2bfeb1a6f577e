from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "guiche.assets"
    label = "assets"
