from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "guiche.notifications"
    label = "notifications"
