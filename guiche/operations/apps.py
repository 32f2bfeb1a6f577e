from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "guiche.operations"
    label = "operations"
