from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "guiche.audit"
    label = "audit"
