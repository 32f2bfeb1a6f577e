from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "guiche.web"
    label = "web"
