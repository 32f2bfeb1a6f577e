from django.apps import AppConfig


class SlaConfig(AppConfig):
    name = "guiche.sla"
    label = "sla"
