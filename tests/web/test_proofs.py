"""Who sits at somebody's open session must not be able to keep what it opens (case 167)."""

from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone

from guiche.accounts.models import User
from guiche.web.public import adapters
from tests.factories.accounts import PASSWORD
from tests.web.public.test_signin import sign_in

pytestmark = pytest.mark.django_db
CONFIRM = "/perfil/seguranca/confirmar/"


@pytest.fixture
def old_session(client, elisa):
    """Elisa signed in ten minutes ago."""
    sign_in(client, elisa)
    session = client.session
    session["_started"] = (timezone.now() - timedelta(minutes=10)).isoformat()
    session.save()
    return client


def roles_of(user):
    return User.objects.get(pk=user.pk).roles


class TestFreshlyProven:
    @pytest.mark.parametrize("page", ["pessoas/nova/", "pessoas/{}/papeis/", "pessoas/{}/email/"])
    def test_case_167_an_old_session_is_asked_first(self, old_session, ana, page):
        path = f"/administracao/{page.format(ana.pk)}"

        for answer in (old_session.get(path), old_session.post(path, {"roles": ["administrator"]})):
            assert answer.status_code == 302
            assert answer["Location"].startswith(f"{CONFIRM}?next=%2Fadministracao%2Fpessoas%2F")
        assert roles_of(ana) == ["agent"]

    def test_to_htmx_it_is_the_order_to_go_there(self, old_session, ana):
        answer = old_session.post(f"/administracao/pessoas/{ana.pk}/papeis/", headers={"HX-Request": "true"})

        assert (answer.status_code, answer["HX-Redirect"][:28]) == (204, CONFIRM)

    def test_the_password_opens_and_leads_back(self, old_session, ana):
        path = f"/administracao/pessoas/{ana.pk}/papeis/"

        answer = old_session.post(old_session.get(path)["Location"], {"password": PASSWORD})

        assert (answer.status_code, answer["Location"]) == (302, path)
        assert old_session.get(path).status_code == 200
        old_session.post(path, {"roles": ["agent", "supervisor"]})
        assert "supervisor" in roles_of(ana)

    def test_it_leads_nowhere_else(self, old_session):
        answer = old_session.post(f"{CONFIRM}?next=https://fora.example/", {"password": PASSWORD})

        assert "fora.example" not in answer["Location"]

    def test_a_new_session_is_not_asked(self, client, elisa, ana):
        sign_in(client, elisa)

        assert client.get(f"/administracao/pessoas/{ana.pk}/papeis/").status_code == 200

    def test_twin_without_the_question_the_old_session_would_do(self, old_session, ana):
        open_door = mock.patch.object(adapters.AccountAdapter, "is_reauthentication_required", return_value=False)
        with open_door:
            old_session.post(f"/administracao/pessoas/{ana.pk}/papeis/", {"roles": ["administrator"]})

        assert roles_of(ana) == ["administrator"]
