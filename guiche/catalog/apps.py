from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "guiche.catalog"
    label = "catalog"
