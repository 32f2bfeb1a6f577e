from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    name = "guiche.workflows"
    label = "workflows"
