from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "guiche.calendars"
    label = "calendars"
