"""Two people change the same thing: the slower one is told, and loses nothing."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from guiche.accounts import sessions
from guiche.accounts.models import User
from guiche.organizations.models import Group, Organization
from tests.factories.accounts import make_team, make_user
from tests.factories.catalog import make_product
from tests.factories.organizations import make_organization
from tests.web.manage.sent import Fields, fields_of

ADMIN = "/administracao/"
TYPE = f"{ADMIN}formularios/falha-tecnica/"
FAST, SLOW = "A mais rápida", "A mais lenta"

Form = tuple[str, str, list[str], list[str], str]  # address, field, what the two make of it, how the first is shown
PAGES = [
    *("organization", "site", "departments", "group", "products", "person", "roles", "email", "membership"),
    *("team", "team_people", "product", "product_organizations", "module", "service", "failure", "impact"),
    *("severity", "type", "type_products", "type_severity", "type_after", "brand", "portal_reach", "portal_email"),
    *("contract", "contract_days", "contract_products"),
]


def forms_of(t: SimpleNamespace) -> dict[str, Form]:
    """Every form that changes something, by name."""
    acme, product = f"{ADMIN}organizacoes/{t.acme.pk}/", f"{ADMIN}produtos/{t.product.slug}/"
    contract = f"{acme}contratos/{t.contract.pk}/"
    ana, place = f"{ADMIN}pessoas/{t.ana.pk}/", t.membership.pk
    named = {
        "organization": f"{acme}editar/",
        "site": f"{acme}unidades/{t.site.pk}/",
        "group": f"{ADMIN}grupos/{t.group.pk}/",
        "person": f"{ana}editar/",
        "team": f"{ADMIN}equipes/{t.team.slug}/",
        "product": f"{product}editar/",
        "module": f"{product}modulos/{t.module.pk}/",
        "service": f"{product}servicos/{t.service.pk}/",
        "failure": f"{product}falhas/{t.failure.pk}/",
        "severity": f"{ADMIN}gravidades/1/",
        "type": f"{TYPE}tipo/",
        "brand": f"{ADMIN}marca/",
    }
    ris = str(t.other_product.pk)
    return {name: (path, "name", [FAST], [SLOW], FAST) for name, path in named.items()} | {
        "contract": (contract, "number", [FAST], [SLOW], FAST),
        "contract_days": (contract, "valid_until", ["2027-01-31"], ["2027-02-28"], "31/01/2027"),
        "contract_products": (contract, "products", [ris], [str(t.product.pk)], "RIS"),
        "departments": (named["site"], "departments", ["Caixa\r\nTI"], ["Portaria"], "TI"),
        "products": (f"{acme}produtos/", "products", [ris], [], "RIS"),
        "roles": (f"{ana}papeis/", "roles", ["supervisor"], ["back_office"], "Supervis"),
        "email": (f"{ana}email/", "email", ["fast@lume.example"], ["slow@lume.example"], "fast@lume.example"),
        "membership": (f"{acme}pessoas/{place}/", "reach", ["own"], ["unit"], "Somente os próprios"),
        "team_people": (named["team"], "people", [str(t.ana.pk)], [str(t.dora.pk)], "Ana Analista"),
        "product_organizations": (named["product"], "organizations", [], [str(t.bela.pk)], "nada"),
        "impact": (f"{product}impactos/{t.impact.pk}/", "diagnosis_minutes", ["3 h"], ["2 h"], "3 h"),
        "type_products": (named["type"], "products", [ris], [str(t.product.pk)], "RIS"),
        "type_severity": (f"{TYPE}gravidade/", "severity_source", ["matrix"], ["none"], "De urgência e impacto"),
        "type_after": (f"{TYPE}depois/", "has_deadlines", [], ["on"], "não"),
        "portal_reach": (f"/organizacao/pessoas/{place}/", "reach", ["own"], ["unit"], "Somente os próprios"),
        "portal_email": (
            f"/organizacao/pessoas/{place}/email/",
            "email",
            ["fast@acme.example"],
            ["slow@acme.example"],
            "fast@acme.example",
        ),
    }


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    session = browser.session
    sessions.start(session, user, device="Chrome", address=None, at=timezone.now())
    session.save()
    return browser


@pytest.fixture
def world(things, acme, bela, ana, elisa, beatriz) -> SimpleNamespace:
    dora = make_user(name="Dora Dias", roles=["agent"])
    team = make_team(name="Segunda linha")
    more = {
        "team": team,
        "other_product": make_product(name="RIS", is_for_all=False),
        "group": Group.objects.create(name="Rede"),
    }
    return SimpleNamespace(
        **vars(things), **more, acme=acme, bela=bela, ana=ana, elisa=elisa, beatriz=beatriz, dora=dora
    )


def drawn(browser: Client, path: str) -> Fields:
    """Return what the page was drawn with: of the portal, the form that has its own field."""
    if path.endswith("/email/") and path.startswith("/organizacao/"):
        return fields_of(browser.get(path.removesuffix("email/")).text, holding=["seen", "email"])
    return fields_of(browser.get(path).text, holding=["seen"])


class TestDoor:
    @pytest.mark.parametrize("name", PAGES)
    def test_the_slower_one_is_told_and_loses_nothing(self, world, name):
        path, field, fast, slow, shown = forms_of(world)[name]
        who = world.beatriz if name.startswith("portal") else world.elisa
        faster, slower = browser_of(who), browser_of(who)
        first, second = drawn(faster, path), drawn(slower, path)

        assert faster.post(path, first | {field: fast}).status_code == 302
        told = slower.post(path, second | {field: slow})

        assert told.status_code == 422
        assert f"{who.name} salvou isto" in told.text
        assert ", salvo agora: " in told.text
        assert shown in told.text.partition("salvo agora: ")[2]
        again = fields_of(told.text, holding=["seen", field])
        assert sorted(again[field]) == sorted(slow)

        assert slower.post(path, again).status_code == 302
        assert name == "portal_email" or sorted(drawn(slower, path)[field]) == sorted(slow)


class TestTold:
    @pytest.fixture
    def path(self, world):
        return f"{ADMIN}organizacoes/{world.acme.pk}/editar/"

    @pytest.fixture
    def overtaken(self, administration, world, path):
        """What the page was drawn with before Fábio changed the legal name."""
        before = drawn(administration, path)
        fabio = make_user(name="Fábio Faria", roles=["administrator"])
        browser_of(fabio).post(path, before | {"legal_name": ["Acme Saúde Ltda"]})
        return before

    def test_names_who_it_was_and_only_what_they_changed(self, administration, path, overtaken):
        answer = administration.post(path, overtaken | {"notes": ["Ligar antes"]})

        assert "Fábio Faria salvou isto" in answer.text
        assert answer.text.count("Razão social, salvo agora: Acme Saúde Ltda") == 2  # in the summary and beside the box
        assert answer.text.count("salvo agora: ") == 2
        assert "Ligar antes" in answer.text

    def test_another_refusal_on_the_way_does_not_make_one_forget(self, administration, path, overtaken):
        answer = administration.post(path, overtaken | {"name": [""]})
        assert "salvo agora" not in answer.text

        again = fields_of(answer.text, holding=["seen"]) | {"name": ["Acme"]}
        assert "salvo agora" in administration.post(path, again).text

    def test_a_third_one_in_between_is_told_of_too(self, administration, path, overtaken, world):
        again = fields_of(administration.post(path, overtaken).text, holding=["seen"])
        administration.post(path, drawn(administration, path) | {"notes": ["Outra"]})

        answer = administration.post(path, again)

        assert answer.status_code == 422
        assert "salvo agora: Outra" in answer.text

    def test_who_typed_the_same_is_not_stopped(self, administration, path, overtaken):
        assert administration.post(path, overtaken | {"legal_name": ["Acme Saúde Ltda"]}).status_code == 302

    def test_the_same_form_sent_twice_is_not_stopped(self, administration, path):
        typed = drawn(administration, path) | {"notes": ["Ligar\r\nantes"]}

        assert [administration.post(path, typed).status_code for _time in range(2)] == [302, 302]

    @pytest.mark.parametrize("seen", ["", "junk", "1 name", "9" * 400 + " name:x", "-1 name:abc", "1 nope:abc :"])
    def test_a_fingerprint_that_says_nothing_is_no_fault(self, administration, path, seen):
        answer = administration.post(path, drawn(administration, path) | {"seen": [seen], "notes": ["Nova"]})

        assert answer.status_code == 302

    def test_somebody_unknown_is_somebody(self, administration, path, world):
        before = drawn(administration, path)
        Organization.objects.filter(pk=world.acme.pk).update(notes="Por fora")

        assert "Alguém salvou isto" in administration.post(path, before | {"notes": ["Minha"]}).text

    def test_what_was_saved_is_text_and_not_html(self, administration, path, world):
        before = drawn(administration, path)
        Organization.objects.filter(pk=world.acme.pk).update(notes="<script>x</script>")

        answer = administration.post(path, before | {"notes": ["Minha"]})

        assert "salvo agora: &lt;script&gt;" in answer.text
        assert "<script>x" not in answer.text


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_of_two_at_the_same_moment_one_is_told(self):
        """Both wait for the row, so both have seen it unchanged: only who looks again under the lock notices."""
        organization = make_organization(name="Acme")
        path = f"{ADMIN}organizacoes/{organization.pk}/editar/"
        people = [make_user(name=name, roles=["administrator"]) for name in ("Elisa", "Fábio")]
        sent = {user.name: (browser := browser_of(user), drawn(browser, path)) for user in people}
        answers = {}

        def send(name):
            browser, fields = sent[name]
            try:
                answers[name] = browser.post(path, fields | {"notes": [f"De {name}"]})
            finally:
                connection.close()

        threads = [threading.Thread(target=send, args=[name]) for name in sent]
        with transaction.atomic():
            Organization.objects.locked(organization)
            for thread in threads:
                thread.start()
            wait_for(2)
        for thread in threads:
            thread.join()

        assert sorted(answer.status_code for answer in answers.values()) == [302, 422]
        slow = next(name for name, answer in answers.items() if answer.status_code == 422)
        fast = next(name for name in sent if name != slow)
        organization.refresh_from_db()
        assert organization.notes == f"De {fast}"
        assert f"{fast} salvou isto" in answers[slow].text
        assert f"salvo agora: De {fast}" in answers[slow].text
        assert f"De {slow}" in answers[slow].text

    def test_of_two_administrators_who_take_each_others_role_one_stays(self):
        people = [make_user(name=name, roles=["administrator"]) for name in ("Elisa", "Fábio")]
        paths = [f"{ADMIN}pessoas/{user.pk}/papeis/" for user in reversed(people)]
        sent = [
            (browser := browser_of(user), path, drawn(browser, path)) for user, path in zip(people, paths, strict=True)
        ]
        barrier, statuses = threading.Barrier(2), []

        def send(browser, path, fields):
            barrier.wait()
            try:
                statuses.append(browser.post(path, fields | {"roles": ["agent"]}).status_code)
            finally:
                connection.close()

        threads = [threading.Thread(target=send, args=one) for one in sent]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert statuses[0] == 302
        assert statuses[1] in {302, 403, 422}
        assert User.objects.active().filter(roles__contains=["administrator"]).count() == 1


def wait_for(count: int) -> None:
    """Return once so many connections wait for a lock."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # or a transaction sees the same activity for ever
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0] >= count:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")
