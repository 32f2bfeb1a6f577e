"""Addresses of the bell, of its settings and of the live stream, in the area `profile`."""

from django.urls import path

from guiche.web import live
from guiche.web.profile import notices

urlpatterns = [
    path("notificacoes/", notices.notifications, name="notifications"),
    path("notificacoes/sininho/", notices.popover, name="bell"),
    path("notificacoes/contagem/", notices.count, name="bell-count"),
    path("notificacoes/lidas/", notices.read_all, name="notifications-read"),
    path("notificacoes/<int:item_id>/", notices.notification, name="notification"),
    path("perfil/avisos/", notices.settings, name="notification-settings"),
    path("ao-vivo/", live.stream, name="stream"),
]
