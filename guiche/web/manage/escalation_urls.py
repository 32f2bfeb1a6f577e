"""Addresses of the warnings and escalations of deadlines."""

from django.urls import path

from guiche.web.manage import escalations

ESCALATIONS = [
    path("prazos/avisos/", escalations.escalations, name="escalations"),
    path("prazos/avisos/novo/", escalations.new, name="escalation-new"),
    path("prazos/avisos/<int:pk>/", escalations.escalation, name="escalation"),
    path("prazos/avisos/<int:pk>/desligar/", escalations.switch_off, name="escalation-switch-off"),
    path("prazos/avisos/<int:pk>/ligar/", escalations.switch_on, name="escalation-switch-on"),
]
