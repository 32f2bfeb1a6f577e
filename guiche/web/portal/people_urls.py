"""Addresses of the portal administrator's pages, and of choosing the current organisation; part of `portal`."""

from django.urls import path

from guiche.web.portal import people, people_export, people_import

urlpatterns = [
    path("organizacao/pessoas/", people.people, name="people"),
    path("organizacao/pessoas/nova/", people.invite, name="person-new"),
    path("organizacao/pessoas/exportar.csv", people_export.export, name="people-export"),
    path("organizacao/pessoas/importar/", people_import.upload, name="people-import"),
    path("organizacao/pessoas/importar/modelo.csv", people_import.template, name="people-import-template"),
    path("organizacao/pessoas/importar/<int:pk>/", people_import.preview, name="people-import-preview"),
    path("organizacao/pessoas/importar/<int:pk>/recusadas.csv", people_import.refused, name="people-import-refused"),
    path("organizacao/pessoas/pedidos/", people.requests, name="people-requests"),
    path("organizacao/pessoas/<int:pk>/", people.person, name="person"),
    path("organizacao/pessoas/<int:pk>/email/", people.email, name="person-email"),
    path("organizacao/pessoas/<int:pk>/acesso/", people.access, name="person-access"),
    path("organizacao/pessoas/<int:pk>/convite/", people.invitation, name="person-invitation"),
    path("organizacao/dominios/", people.domains, name="people-domains"),
    path("organizacao/trocar/", people.organizations, name="organizations"),
]
