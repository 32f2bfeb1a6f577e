"""Addresses of administration. The menu at its side: sections.py."""

from django.urls import path

from guiche.web.manage import (
    brand,
    form_editor,
    home,
    importing,
    letters,
    mail,
    memberships,
    organizations,
    people,
    products,
    request_types,
    severities,
    teams,
    trail,
    workflows,
)

app_name = "manage"

PEOPLE = [
    path("pessoas/", people.people, name="people"),
    path("pessoas/busca/", people.options, name="person-options"),
    path("pessoas/nova/", people.new, name="person-new"),
    path("pessoas/<int:pk>/", people.person, name="person"),
    path("pessoas/<int:pk>/editar/", people.edit, name="person-edit"),
    path("pessoas/<int:pk>/papeis/", people.roles, name="person-roles"),
    path("pessoas/<int:pk>/email/", people.change_email, name="person-email"),
    path("pessoas/<int:pk>/desativar/", people.deactivate, name="person-deactivate"),
    path("pessoas/<int:pk>/reativar/", people.reactivate, name="person-reactivate"),
    path("pessoas/<int:pk>/convidar/", people.invite, name="person-invite"),
    path("pessoas/<int:pk>/sessoes/encerrar/", people.end_sessions, name="person-sessions"),
    path("pessoas/<int:pk>/unir/", people.merge, name="person-merge"),
    path("equipes/", teams.teams, name="teams"),
    path("equipes/nova/", teams.new, name="team-new"),
    path("equipes/<slug:slug>/", teams.team, name="team"),
]

ORGANIZATIONS = [
    path("organizacoes/", organizations.organizations, name="organizations"),
    path("organizacoes/busca/", memberships.options, name="organization-options"),
    path("organizacoes/nova/", organizations.new, name="organization-new"),
    path("organizacoes/<int:pk>/", organizations.organization, name="organization"),
    path("organizacoes/<int:pk>/editar/", organizations.edit, name="organization-edit"),
    path("organizacoes/<int:pk>/encerrar/", organizations.deactivate, name="organization-deactivate"),
    path("organizacoes/<int:pk>/reabrir/", organizations.reactivate, name="organization-reactivate"),
    path("organizacoes/<int:pk>/unidades/nova/", organizations.site_new, name="site-new"),
    path("organizacoes/<int:pk>/unidades/<int:site_id>/", organizations.site_edit, name="site"),
    path("organizacoes/<int:pk>/dominios/novo/", memberships.domain_new, name="domain-new"),
    path("organizacoes/<int:pk>/dominios/<int:domain_id>/verificar/", memberships.domain_verify, name="domain-verify"),
    path("organizacoes/<int:pk>/dominios/<int:domain_id>/remover/", memberships.domain_remove, name="domain-remove"),
    path("organizacoes/<int:pk>/produtos/", memberships.products, name="organization-products"),
    path("organizacoes/<int:pk>/pessoas/nova/", memberships.invite, name="organization-invite"),
    path("organizacoes/<int:pk>/pessoas/<int:membership_id>/", memberships.membership, name="membership"),
    path(
        "organizacoes/<int:pk>/pessoas/<int:membership_id>/retirar/",
        memberships.deactivate,
        name="membership-deactivate",
    ),
    path(
        "organizacoes/<int:pk>/pessoas/<int:membership_id>/trazer/",
        memberships.reactivate,
        name="membership-reactivate",
    ),
    path("grupos/", organizations.groups, name="groups"),
    path("grupos/<int:pk>/", organizations.group, name="group"),
    path("pedidos/", memberships.join_requests, name="join-requests"),
    path("pedidos/<int:pk>/aceitar/", memberships.approve, name="join-request-approve"),
    path("pedidos/<int:pk>/recusar/", memberships.refuse, name="join-request-refuse"),
]

PRODUCTS = [
    path("produtos/", products.products, name="products"),
    path("produtos/novo/", products.new, name="product-new"),
    path("produtos/importar/", importing.upload, name="service-table"),
    path("produtos/importar/conferir/", importing.check, name="service-table-check"),
    path("produtos/<slug:slug>/", products.product, name="product"),
    path("produtos/<slug:slug>/editar/", products.edit, name="product-edit"),
    path("produtos/<slug:slug>/mover/", products.move, name="product-move"),
    path("produtos/<slug:slug>/remover/", products.remove, name="product-remove"),
    path("produtos/<slug:slug>/modulos/novo/", products.module_new, name="module-new"),
    path("produtos/<slug:slug>/modulos/<int:pk>/", products.module, name="module"),
    path("produtos/<slug:slug>/modulos/<int:module_id>/servicos/novo/", products.service_new, name="service-new"),
    path("produtos/<slug:slug>/servicos/<int:pk>/", products.service, name="service"),
    path("produtos/<slug:slug>/servicos/<int:service_id>/impactos/novo/", products.impact_new, name="impact-new"),
    path("produtos/<slug:slug>/impactos/<int:pk>/", products.impact, name="impact"),
    path("produtos/<slug:slug>/falhas/novo/", products.failure_new, name="failure-new"),
    path("produtos/<slug:slug>/falhas/<int:pk>/", products.failure, name="failure"),
    path("produtos/<slug:slug>/<slug:kind>/<int:pk>/remover/", products.row_remove, name="product-row-remove"),
    path("gravidades/", severities.severities, name="severities"),
    path("gravidades/matriz/", severities.matrix, name="matrix"),
    path("gravidades/<int:level>/", severities.severity, name="severity"),
]

FORMS = [
    path("formularios/", request_types.request_types, name="request-types"),
    path("formularios/novo/", request_types.new, name="request-type-new"),
    path("formularios/<slug:slug>/", form_editor.fields, name="request-type"),
    path("formularios/<slug:slug>/tipo/", request_types.settings, name="request-type-settings"),
    path("formularios/<slug:slug>/gravidade/", request_types.severity, name="request-type-severity"),
    path("formularios/<slug:slug>/depois/", request_types.after, name="request-type-after"),
    path("formularios/<slug:slug>/mover/", request_types.move, name="request-type-move"),
    path("formularios/<slug:slug>/publicar/", form_editor.publish, name="form-publish"),
    path("formularios/<slug:slug>/descartar/", form_editor.discard, name="form-discard"),
    path("formularios/<slug:slug>/trazer/", form_editor.bring_along, name="form-bring-along"),
    path("formularios/<slug:slug>/versoes/", form_editor.versions, name="form-versions"),
    path("formularios/<slug:slug>/campos/adicionar/", form_editor.field_add, name="form-field-add"),
    path("formularios/<slug:slug>/campos/<slug:code>/", form_editor.field, name="form-field"),
    path("formularios/<slug:slug>/campos/<slug:code>/mover/", form_editor.field_move, name="form-field-move"),
    path("formularios/<slug:slug>/campos/<slug:code>/remover/", form_editor.field_remove, name="form-field-remove"),
]

WORKFLOWS = [
    path("fluxos/", workflows.workflows, name="workflows"),
    path("fluxos/novo/", workflows.new, name="workflow-new"),
    path("fluxos/<slug:slug>/", workflows.workflow, name="workflow"),
    path("fluxos/<slug:slug>/renomear/", workflows.rename, name="workflow-rename"),
    path("fluxos/<slug:slug>/publicar/", workflows.publish, name="workflow-publish"),
    path("fluxos/<slug:slug>/descartar/", workflows.discard, name="workflow-discard"),
    path("fluxos/<slug:slug>/status/<slug:key>/", workflows.status, name="status"),
    path("fluxos/<slug:slug>/status/<slug:key>/mover/", workflows.status_move, name="status-move"),
    path("fluxos/<slug:slug>/status/<slug:key>/remover/", workflows.status_remove, name="status-remove"),
    path("fluxos/<slug:slug>/passos/<slug:key>/", workflows.step, name="step"),
    path("fluxos/<slug:slug>/passos/<slug:key>/remover/", workflows.step_remove, name="step-remove"),
]

PORTAL = [
    path("marca/", brand.brand, name="brand"),
    path("avisos/", letters.letters, name="letters"),
    path("avisos/remetente/", letters.sender, name="letter-sender"),
    path("avisos/<slug:slug>/<slug:language>/", letters.letter, name="letter"),
    path("avisos/<slug:slug>/<slug:language>/previa/", letters.preview, name="letter-preview"),
    path("avisos/<slug:slug>/<slug:language>/carta/", letters.sheet, name="letter-sheet"),
    path("avisos/<slug:slug>/<slug:language>/teste/", letters.test, name="letter-test"),
    path("avisos/<slug:slug>/<slug:language>/original/", letters.restore, name="letter-original"),
    path("avisos/<slug:slug>/<slug:language>/retomar/", letters.reuse, name="letter-reuse"),
    path("correio/", mail.mail, name="mail"),
    path("correio/liberar/", mail.release, name="mail-release"),
    path("correio/<int:pk>/reenviar/", mail.resend, name="mail-resend"),
    path("cartas/", mail.demonstration, name="demonstration-mail"),
    path("cartas/<str:name>/", mail.demonstration_body, name="demonstration-letter"),
    path("auditoria/", trail.trail, name="trail"),
    path("auditoria/exportar.csv", trail.export, name="trail-export"),
    path("auditoria/conferir/", trail.check, name="trail-check"),
]

urlpatterns = [
    path("", home.home, name="home"),
    *PEOPLE,
    *ORGANIZATIONS,
    *PRODUCTS,
    *FORMS,
    *WORKFLOWS,
    *PORTAL,
]
