"""Addresses of opening a ticket, part of the namespace `portal`. Their words are no slug of a request type."""

from django.urls import path

from guiche.web.portal import opening, opening_help

urlpatterns = [
    path("chamados/novo/", opening.new, name="new"),
    path("chamados/novo/produtos/", opening_help.products, name="opening-products"),
    path("chamados/novo/modulos/", opening_help.modules, name="opening-modules"),
    path("chamados/novo/servicos/", opening_help.services, name="opening-services"),
    path("chamados/novo/falhas/", opening_help.failures, name="opening-failures"),
    path("chamados/novo/pessoas/", opening_help.people, name="opening-people"),
    path("chamados/novo/semelhantes/", opening_help.similar, name="similar"),
    path("chamados/novo/<slug:slug>/", opening.opening, name="opening"),
    path("chamados/novo/<slug:slug>/campos/", opening.fields, name="opening-fields"),
    path("chamados/novo/<slug:slug>/rascunho/", opening_help.draft, name="opening-draft"),
    path("chamados/prazo/", opening.promised, name="opening-promise"),
    path("chamados/<int:number>/aberto/", opening.opened, name="opened"),
]
