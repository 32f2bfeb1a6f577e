"""Addresses of files, shared by all areas; part of the namespace `profile`."""

from django.urls import path

from guiche.web.profile import files

urlpatterns = [
    path("arquivos/", files.upload, name="upload"),
    path("arquivos/<uuid:key>/", files.attachment, name="attachment"),
    path("arquivos/<uuid:key>/miniatura/", files.thumbnail, name="thumbnail"),
    path("arquivos/rascunho/<uuid:key>/", files.unsent, name="unsent-file"),
    path("arquivos/chamado/<int:number>/", files.all_of_ticket, name="ticket-files"),
]
