"""A device that is not asked for the second step for 30 days: whose it is, how long, and what takes it back."""

import time
from datetime import timedelta
from unittest import mock

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.utils import timezone

from guiche.accounts import remembered, tasks
from guiche.accounts.actions import access, people
from guiche.accounts.models import RememberedDevice, Session
from guiche.accounts.sessions import public_id
from guiche.audit.models import Entry
from guiche.installation.models import Installation, forget
from tests.factories.accounts import PASSWORD, make_user
from tests.web.public.test_signin import code_at, sign_in, with_app

pytestmark = pytest.mark.django_db
STEP = "/entrar/segundo-fator/"
COOKIE = "guiche-remembered"
CONFIRM = "/perfil/seguranca/confirmar/"


def enrolled(user):
    """Give `user` a code app and reserve codes, and return ten codes: one of the app works only once."""
    with_app(user)
    return RecoveryCodes.activate(user).get_unused_codes()


def come_in(client, user, code, **values):
    sign_in(client, user)
    return client.post(STEP, {"code": code, "remember": "on", **values})


def is_asked(client, user):
    """Sign `user` in with the password alone, and return whether the second step is asked."""
    client.post("/sair/")
    return sign_in(client, user)["Location"] == STEP


@pytest.fixture
def codes(bruno):
    return enrolled(bruno)


@pytest.fixture
def device(client, bruno, codes):
    """A browser on which Bruno is remembered, and signed in."""
    come_in(client, bruno, codes[0])
    return client


class TestRemembering:
    def test_the_step_is_not_asked_again(self, device, bruno):
        assert not is_asked(device, bruno)
        assert device.get("/perfil/").status_code == 200

    def test_without_the_box_it_is(self, client, bruno, codes):
        sign_in(client, bruno)
        client.post(STEP, {"code": codes[0]})

        assert COOKIE not in client.cookies
        assert is_asked(client, bruno)

    def test_the_cookie_is_for_no_script_and_lives_30_days(self, device):
        cookie = device.cookies[COOKIE]

        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
        assert cookie["max-age"] == 30 * 24 * 3600

    def test_a_wrong_code_remembers_nothing_and_keeps_the_box(self, client, bruno, codes):
        answer = come_in(client, bruno, "000000")

        assert answer.status_code == 422
        assert 'name="remember" checked' in answer.text
        assert not RememberedDevice.objects.exists()

    def test_the_password_is_asked_as_ever(self, device, bruno):
        device.post("/sair/")

        assert sign_in(device, bruno, "errada-errada").status_code == 422

    def test_two_people_share_a_browser(self, device, bruno, carla):
        device.post("/sair/")
        come_in(device, carla, enrolled(carla)[0])

        assert not is_asked(device, bruno)
        assert not is_asked(device, carla)

    def test_it_is_in_the_trail(self, device, bruno):
        assert Entry.objects.filter(act="person.device_remembered", actor=bruno).exists()

    def test_the_secret_is_in_no_table(self, device):
        token = device.cookies[COOKIE].value

        assert token not in str(list(RememberedDevice.objects.values()))


class TestStolen:
    def test_case_161_the_cookie_of_somebody_else_spares_nothing(self, device, carla):
        enrolled(carla)
        thief = Client()
        thief.cookies[COOKIE] = device.cookies[COOKIE].value

        assert is_asked(thief, carla)

    @pytest.mark.parametrize("spoil", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), lambda t: t[:42], str.lower])
    def test_a_tampered_cookie_spares_nothing(self, device, bruno, spoil):
        device.cookies[COOKIE] = spoil(device.cookies[COOKIE].value)

        assert is_asked(device, bruno)

    @pytest.mark.parametrize("planted", ["", ".", "null", "%20", "A" * 43, ".".join("B" * 43 for _ in range(500)), "é"])
    def test_case_002_a_degenerate_cookie_spares_nothing(self, client, bruno, codes, planted):
        client.cookies[COOKIE] = planted

        assert is_asked(client, bruno)

    def test_case_164_the_secret_of_another_cookie_spares_nothing(self, device, bruno):
        device.cookies[COOKIE] = device.cookies["guiche-device"].value

        assert is_asked(device, bruno)

    def test_after_30_days_it_is_asked(self, device, bruno, monkeypatch):
        month = timezone.now() + remembered.LIFETIME
        monkeypatch.setattr(timezone, "now", lambda: month - timedelta(minutes=1))
        assert not is_asked(device, bruno)

        monkeypatch.setattr(timezone, "now", lambda: month + timedelta(minutes=1))
        assert is_asked(device, bruno)

    def test_what_is_over_is_removed(self, device):
        RememberedDevice.objects.update(expires_at=timezone.now())

        tasks.forget_expired_devices(timestamp=0)

        assert not RememberedDevice.objects.exists()


class TestTakenBack:
    def test_case_160_by_a_new_password(self, device, bruno):
        values = {"old": PASSWORD, "new": "senha-nova-do-bruno"}
        assert device.post("/perfil/senha/", values).status_code == 302
        device.post("/sair/")

        assert sign_in(device, bruno, "senha-nova-do-bruno")["Location"] == STEP

    @pytest.mark.parametrize("what", ["totp_removed", "passkey_added", "codes_generated"])
    def test_case_160_by_another_second_step(self, device, bruno, what):
        access.note_second_factor(bruno, what=what, by=bruno, at=timezone.now())

        assert is_asked(device, bruno)

    def test_case_160_by_the_pages_that_change_it(self, device, bruno, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            assert device.post("/perfil/seguranca/codigos/novos/").status_code == 302

        assert is_asked(device, bruno)

    def test_case_160_by_staff_who_end_the_sessions(self, device, bruno, elisa):
        people.end_sessions(bruno, by=elisa, at=timezone.now())

        assert is_asked(device, bruno)

    def test_case_160_by_another_address(self, device, bruno, elisa):
        bruno = people.change_email(bruno, "bruno.novo@acme.example", by=elisa, at=timezone.now())

        assert is_asked(device, bruno)

    def test_by_the_person_on_the_page_of_sessions(self, device, bruno):
        row = RememberedDevice.objects.get()
        page = device.get("/perfil/sessoes/").text

        assert "Aparelhos sem o segundo fator" in page
        device.post("/perfil/sessoes/", {"device": row.pk})
        assert is_asked(device, bruno)
        assert Entry.objects.filter(act="person.device_forgotten").exists()

    def test_by_ending_the_session_that_is_open_on_it(self, device, bruno, codes):
        other = Client()
        come_in(other, bruno, codes[1])
        key = device.session.session_key

        other.post("/perfil/sessoes/", {"session": public_id(key)})

        assert is_asked(device, bruno)
        assert not is_asked(other, bruno)

    def test_by_ending_all_the_others(self, device, bruno, codes):
        other = Client()
        sign_in(other, bruno)
        other.post(STEP, {"code": codes[1]})

        other.post("/perfil/sessoes/")

        assert is_asked(device, bruno)

    @pytest.mark.parametrize("named", ["{}", "0", "-1", "x", "9" * 40, "١"])
    def test_nobody_forgets_the_device_of_somebody_else(self, device, bruno, carla, named):
        stranger = Client()
        sign_in(stranger, carla)

        answer = stranger.post("/perfil/sessoes/", {"device": named.format(RememberedDevice.objects.get().pk)})

        assert answer.status_code == 409
        assert not is_asked(device, bruno)


class TestWhatMatters:
    """What asks who it is asks for the step that was spared: a stolen browser and password are not enough."""

    def test_is_asked_at_once_and_by_the_step(self, device, bruno, codes):
        assert not is_asked(device, bruno)

        answer = device.get("/perfil/seguranca/aplicativo/remover/")
        assert answer["Location"].startswith(f"{CONFIRM}codigo/")
        assert device.get(CONFIRM)["Location"].startswith(f"{CONFIRM}codigo/")
        assert device.post(CONFIRM, {"password": PASSWORD})["Location"].startswith(f"{CONFIRM}codigo/")
        assert device.get("/perfil/seguranca/aplicativo/remover/").status_code == 302

        device.post(f"{CONFIRM}codigo/", {"code": codes[1]})
        assert device.get("/perfil/seguranca/aplicativo/remover/").status_code == 200

    def test_case_167_roles_are_not_given_by_a_remembered_device(self, client, elisa, ana):
        codes = enrolled(elisa)
        come_in(client, elisa, codes[0])
        assert not is_asked(client, elisa)
        path = f"/administracao/pessoas/{ana.pk}/papeis/"

        assert client.post(path, {"roles": ["administrator"]})["Location"].startswith(CONFIRM)
        assert people.User.objects.get(pk=ana.pk).roles == ["agent"]

    def test_who_passed_the_step_just_now_is_not_asked(self, device):
        assert device.get("/perfil/seguranca/aplicativo/remover/").status_code == 200

    def test_case_014_where_it_is_required_nobody_goes_without_one(self, client):
        ana = make_user(roles=["agent"])
        come_in(client, ana, enrolled(ana)[0])
        Installation.objects.update_or_create(pk=1, defaults={"staff_second_factor": True})
        forget()
        assert not is_asked(client, ana)
        assert client.get("/mesa/").status_code == 302

        with mock.patch("time.time", return_value=time.time() + 60):
            client.post(f"{CONFIRM}codigo/", {"code": code_at(time.time())})
            removed = client.post("/perfil/seguranca/aplicativo/remover/")

        assert removed.status_code == 422
        forget()

    def test_case_014_a_new_password_by_letter_does_not_skip_the_step(self, device, bruno):
        from guiche.accounts import first_access
        from guiche.accounts.models import LinkPurpose

        token = first_access.issue(LinkPurpose.NEW_PASSWORD, user=bruno, at=timezone.now())
        device.post("/sair/")

        answer = device.post(f"/senha/nova/{token}/", {"password": "outra-frase-do-bruno"})

        assert answer["Location"] == STEP
        assert not Session.objects.filter(user=bruno).exists()


def test_the_oldest_of_many_makes_room(bruno):
    for minute in range(remembered.MOST + 3):
        remembered.issue(bruno, name="Firefox", at=timezone.now() + timedelta(minutes=minute))

    assert RememberedDevice.objects.count() == remembered.MOST
