"""Every page of administration opens, says what is wrong with what it is sent, and keeps what was typed."""

import pytest
from django.urls import get_resolver, reverse

from guiche.catalog.models import Product

EMPTY = {"pk": 10**9}


def arguments(things, acme, ana, bruno):
    product, slug = things.product.slug, things.request_type.slug
    flow = things.workflow.slug
    return {
        "home": [],
        "people": [],
        "person-options": [],
        "person-new": [],
        "person": [bruno.pk],
        "person-edit": [bruno.pk],
        "person-roles": [ana.pk],
        "person-email": [bruno.pk],
        "person-deactivate": [ana.pk],
        "person-merge": [bruno.pk],
        "teams": [],
        "team-new": [],
        "team": ["suporte"],
        "organizations": [],
        "organization-options": [],
        "organization-new": [],
        "organization": [acme.pk],
        "organization-edit": [acme.pk],
        "site-new": [acme.pk],
        "site": [acme.pk, things.site.pk],
        "domain-new": [acme.pk],
        "organization-products": [acme.pk],
        "organization-invite": [acme.pk],
        "contract-new": [acme.pk],
        "contract": [acme.pk, things.contract.pk],
        "membership": [acme.pk, things.membership.pk],
        "groups": [],
        "join-requests": [],
        "join-request-approve": [things.asked.pk],
        "join-request-refuse": [things.asked.pk],
        "products": [],
        "product-new": [],
        "service-table": [],
        "product": [product],
        "product-edit": [product],
        "module-new": [product],
        "module": [product, things.module.pk],
        "service-new": [product, things.module.pk],
        "service": [product, things.service.pk],
        "impact-new": [product, things.service.pk],
        "impact": [product, things.impact.pk],
        "failure-new": [product],
        "failure": [product, things.failure.pk],
        "severities": [],
        "severity": [1],
        "deadlines": [],
        "policy-new": [],
        "which-agreement": [],
        "assignment-options": ["organization"],
        "assignment-new": ["organizacao"],
        "assignment": [things.assignment.pk],
        "assignment-clear": [things.assignment.pk],
        "retargeting": [things.retargeting.pk],
        "policy": [things.policy.slug],
        "policy-rename": [things.policy.slug],
        "policy-publish": [things.policy.slug],
        "policy-version": [things.policy.slug, 1],
        "policy-simulate": [things.policy.slug, 1],
        "escalations": [],
        "escalation-new": [],
        "escalation": [things.escalation.pk],
        "calendars": [],
        "calendar-new": [],
        "calendar": [things.calendar.pk],
        "calendar-rename": [things.calendar.pk],
        "calendar-publish": [things.calendar.pk],
        "calendar-version": [things.calendar.pk, 1],
        "calendar-hours": [things.calendar.pk],
        "calendar-holidays": [things.calendar.pk],
        "calendar-day-new": [things.calendar.pk],
        "calendar-day": [things.calendar.pk, "2026-12-24"],
        "calendar-worked-new": [things.calendar.pk],
        "calendar-worked": [things.calendar.pk, "2026-12-12"],
        "calendar-import": [things.calendar.pk],
        "request-types": [],
        "request-type-new": [],
        "request-type": [slug],
        "request-type-settings": [slug],
        "request-type-severity": [slug],
        "request-type-after": [slug],
        "form-versions": [slug],
        "form-field-add": [slug],
        "form-field": [slug, things.line.code],
        "workflows": [],
        "workflow-new": [],
        "workflow": [flow],
        "workflow-rename": [flow],
        "brand": [],
        "letters": [],
        "letter-sender": [],
        "letter": ["solucao", "pt-br"],
        "mail": [],
        "trail": [],
        "trail-check": [],
    }


POSTS_ONLY = {
    "person-reactivate",
    "person-invite",
    "person-sessions",
    "organization-deactivate",
    "organization-reactivate",
    "contract-end",
    "contract-reopen",
    "domain-verify",
    "domain-remove",
    "membership-deactivate",
    "membership-reactivate",
    "product-move",
    "product-remove",
    "product-row-remove",
    "matrix",
    "retargeting-cancel",
    "policy-archive",
    "policy-reactivate",
    "policy-draft",
    "policy-draft-discard",
    "policy-withdraw",
    "escalation-switch-off",
    "escalation-switch-on",
    "calendar-default",
    "calendar-archive",
    "calendar-bring-back",
    "calendar-discard",
    "calendar-withdraw",
    "calendar-day-remove",
    "calendar-worked-remove",
    "request-type-move",
    "form-field-move",
    "form-field-remove",
    "form-publish",
    "form-discard",
    "form-bring-along",
    "workflow-publish",
    "workflow-discard",
    "status-move",
    "status-remove",
    "step-remove",
    "letter-preview",
    "letter-test",
    "letter-original",
    "letter-reuse",
    "mail-release",
    "mail-resend",
}
ELSEWHERE = {
    *(
        "trail-export",
        "group",
        "status",
        "step",
        "service-table-check",
        "policy-draft-save",
        "demonstration-mail",
        "demonstration-letter",
        "letter-sheet",
    )
}
# Forms with nothing that must be filled in.
NOTHING_NEEDED = {
    "letter-sender",
    "person-deactivate",
    "organization-products",
    "join-request-refuse",
    "request-type-after",
    "assignment",
    "assignment-clear",
    "policy",  # its draft is sent to an address of its own
    "policy-publish",
    "escalations",  # its buttons go to addresses of their own
    "calendar-holidays",  # none is chosen
}


def routes():
    [area] = [one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == "manage"]
    return {pattern.name for pattern in area.url_patterns}


def test_every_page_is_tried(things, acme, ana, bruno):
    assert routes() == set(arguments(things, acme, ana, bruno)) | POSTS_ONLY | ELSEWHERE


def test_every_page_opens_with_one_heading(administration, things, acme, ana, bruno):
    for name, given in arguments(things, acme, ana, bruno).items():
        answer = administration.get(reverse(f"manage:{name}", args=given))

        assert answer.status_code == 200, name
        if not name.endswith("options"):
            assert answer.text.count("<h1") == 1, name
            assert 'aria-label="Administração"' in answer.text, name


def test_nobody_else_comes_in(client, things, acme, ana, bruno, beatriz, davi, olga):
    for person in (ana, bruno, beatriz, davi, olga):
        client.force_login(person)
        for name, given in arguments(things, acme, ana, bruno).items():
            assert client.get(reverse(f"manage:{name}", args=given)).status_code == 403, name


def test_an_empty_form_is_refused_with_a_summary(administration, things, acme, ana, bruno):
    tried = 0
    for name, given in arguments(things, acme, ana, bruno).items():
        address = reverse(f"manage:{name}", args=given)
        page = administration.get(address)
        if name in NOTHING_NEEDED or "<once-submit>" not in page.text or name == "severities":
            continue
        answer = administration.post(address, {})
        assert answer.status_code == 422, name
        assert 'class="error-summary"' in answer.text, name
        assert "<title>Erro: " in answer.text, name
        tried += 1
    assert tried > 20


def test_posts_are_not_answered_to_links(administration, things, acme, bruno):
    for name, given in (
        ("person-invite", [bruno.pk]),
        ("organization-deactivate", [acme.pk]),
        ("workflow-publish", ["suporte"]),
        ("matrix", []),
    ):
        assert administration.get(reverse(f"manage:{name}", args=given)).status_code == 405


@pytest.mark.parametrize(
    "path",
    ["pessoas/999999/", "organizacoes/999999/", "produtos/nada/", "formularios/nada/", "fluxos/nada/", "equipes/nada/"],
)
def test_what_does_not_exist_is_a_kind_404(administration, path):
    assert administration.get(f"/administracao/{path}").status_code == 404


def test_lists_cost_the_same_however_long(administration, acme, django_assert_max_num_queries):
    from tests.factories.accounts import make_user
    from tests.factories.organizations import make_membership, make_organization

    for number in range(30):
        make_membership(user=make_user(name=f"Contato {number}"), organization=make_organization())
        make_product(number)

    for path in ("pessoas/?ver=contatos", "organizacoes/", f"organizacoes/{acme.pk}/", "produtos/", "fluxos/"):
        with django_assert_max_num_queries(20):
            assert administration.get(f"/administracao/{path}").status_code == 200


def make_product(number):
    Product.objects.create(name=f"Produto {number}", slug=f"produto-{number}", is_for_all=True)


def test_a_name_that_is_too_long_is_refused_in_plain_words(administration):
    answer = administration.post(reverse("manage:organization-new"), {"name": "x" * 121})

    assert answer.status_code == 422
    assert "Use no máximo 120 caracteres: agora são 121" in answer.text


def test_a_refused_button_says_so_in_the_title_and_takes_the_focus(administration, things, bruno, suporte):
    answer = administration.post(reverse("manage:workflow-publish", args=[things.workflow.slug]))

    assert answer.status_code == 422
    assert "<title>Erro: " in answer.text
    assert '<focus-errors role="alert" tabindex="-1">' in answer.text
