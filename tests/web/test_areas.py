import pytest

from guiche.accounts.models import User
from guiche.installation.models import Installation, forget
from tests.factories.accounts import make_user
from tests.factories.organizations import make_membership
from tests.web.public.test_signin import sign_in

pytestmark = pytest.mark.django_db


class TestStart:
    def test_leads_staff_to_their_own_area(self, client):
        client.force_login(make_user(roles=["agent"]))

        assert client.get("/")["Location"] == "/mesa/"

    def test_leads_who_has_no_area_to_the_profile(self, client):
        client.force_login(make_user(roles=["editor"]))

        assert client.get("/")["Location"] == "/perfil/"

    def test_leads_to_the_area_that_was_used_last(self, client):
        elisa = make_user(roles=["agent", "administrator"])
        client.force_login(elisa)
        User.objects.filter(pk=elisa.pk).update(last_area="desk")

        assert client.get("/")["Location"] == "/mesa/"

    def test_leads_contacts_to_their_list_where_it_is_so_set(self, client):
        Installation.objects.update_or_create(pk=1, defaults={"contacts_start_at_list": True})
        forget()
        user = make_membership().user

        answer = client.post("/entrar/", {"email": user.email, "password": "picote-canhoto-2026"})

        assert answer["Location"] == "/chamados/"


@pytest.mark.parametrize("path", ["seguranca/aplicativo/", "seguranca/confirmar/", "seguranca/chaves/nova/", ""])
def test_case_122_odd_methods_are_refused_alike(client, path):
    sign_in(client, make_membership().user)

    odd = ("OPTIONS", "TRACE", "PUT", "X")
    assert {client.generic(method, f"/perfil/{path}").status_code for method in odd} == {405}
