"""Addresses of the desk."""

from django.urls import path

from guiche.web.desk import customers, lists, moves, opening, queue, replies, sharing, tickets, triage

app_name = "desk"
urlpatterns = [
    path("", queue.home, name="home"),
    path("filas/", queue.menu, name="queues"),
    path("fila/<slug:slug>/", queue.queue, name="queue"),
    path("fila/<slug:slug>/<int:number>/", queue.ticket, name="ticket-in-queue"),
    path("busca/", lists.search, name="search"),
    path("chamados/", lists.tickets, name="tickets"),
    path("chamados/novo/", opening.new, name="new"),
    path("chamados/<int:number>/", tickets.ticket, name="ticket"),
    path("chamados/<int:number>/anteriores/", tickets.middle, name="ticket-middle"),
    path("chamados/<int:number>/novidades/", tickets.news, name="ticket-news"),
    path("chamados/<int:number>/atualizado/", tickets.renewed, name="ticket-renewed"),
    path("chamados/<int:number>/lido/", tickets.read, name="ticket-read"),
    path("chamados/<int:number>/rascunho/", tickets.draft, name="ticket-draft"),
    path("chamados/<int:number>/responder/", replies.reply, name="reply"),
    path("chamados/<int:number>/comentarios/<int:pk>/", replies.edit, name="comment-edit"),
    path("chamados/<int:number>/comentarios/<int:pk>/ocultar/", replies.redact, name="comment-redact"),
    path("chamados/<int:number>/comentarios/<int:pk>/versoes/", replies.versions, name="comment-versions"),
    path("chamados/<int:number>/passos/<int:pk>/", moves.move, name="ticket-move"),
    path("chamados/<int:number>/assumir/", moves.take, name="ticket-take"),
    path("chamados/<int:number>/responsavel/", triage.assign, name="ticket-assign"),
    path("chamados/<int:number>/transferir/", triage.transfer, name="ticket-transfer"),
    path("chamados/<int:number>/gravidade/", triage.severity, name="ticket-severity"),
    path("chamados/<int:number>/classificacao/", triage.classify, name="ticket-classify"),
    path("chamados/<int:number>/solicitante/", triage.organization, name="ticket-organization"),
    path("chamados/<int:number>/contato/", sharing.contact, name="ticket-contact"),
    path("chamados/<int:number>/participantes/", sharing.share, name="ticket-share"),
    path("chamados/<int:number>/participantes/remover/", sharing.stop_sharing, name="ticket-unshare"),
    path("opcoes/pessoas/", triage.members, name="member-options"),
    path("opcoes/organizacoes/", triage.organizations, name="organization-options"),
    path("opcoes/modulos/", triage.modules, name="module-options"),
    path("opcoes/servicos/", triage.services, name="service-options"),
    path("clientes/", customers.customers, name="customers"),
    path("clientes/<int:pk>/", customers.customer, name="customer"),
    path("pessoas/<int:pk>/", customers.person, name="person"),
]
