"""Addresses of the customers' portal."""

from django.urls import include, path

from guiche.web.portal import agreed, clocks, deadline, home, lists, printing, tickets

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("busca/", lists.search, name="search"),
    path("validar/", lists.validate, name="validate"),
    path("chamados/", lists.tickets, name="tickets"),
    path("prazos/", agreed.deadlines, name="deadlines"),
    path("prazos/tabela.csv", agreed.table, name="deadlines-table"),
    path("", include("guiche.web.portal.opening_urls")),
    path("", include("guiche.web.portal.people_urls")),
    path("chamados/<int:number>/", tickets.ticket, name="ticket"),
    path("chamados/<int:number>/novidades/", tickets.news, name="ticket-news"),
    path("chamados/<int:number>/relogios/", clocks.clocks, name="ticket-clocks"),
    path("chamados/<int:number>/comentar/", tickets.comment, name="comment"),
    path("chamados/<int:number>/rascunho/", tickets.draft, name="comment-draft"),
    path("chamados/<int:number>/comentarios/<int:pk>/", tickets.edit_comment, name="comment-edit"),
    path("chamados/<int:number>/passos/<int:pk>/", tickets.move, name="ticket-move"),
    path("chamados/<int:number>/ainda-preciso/", tickets.still_need, name="still-need"),
    path("chamados/<int:number>/contato/", tickets.contact, name="contact"),
    path("chamados/<int:number>/compartilhar/", tickets.share, name="share"),
    path("chamados/<int:number>/deixar/", tickets.stop_sharing, name="stop-sharing"),
    path("chamados/<int:number>/avisos/", tickets.follow, name="follow"),
    path("chamados/<int:number>/prazo/", deadline.page, name="ticket-deadline"),
    path("chamados/<int:number>/prazo.csv", deadline.spreadsheet, name="ticket-deadline-csv"),
    path("chamados/<int:number>/imprimir/", printing.sheet, name="print"),
    path("chamados/<int:number>/imprimir.pdf", printing.pdf, name="print-pdf"),
]
