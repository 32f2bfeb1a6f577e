from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "guiche.tickets"
    label = "tickets"
