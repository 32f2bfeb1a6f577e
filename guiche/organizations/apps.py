from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "guiche.organizations"
    label = "organizations"
