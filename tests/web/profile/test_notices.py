"""The bell's pages, and the choice of what reaches one."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guiche.accounts.models import User
from guiche.notifications import actions, bell
from guiche.notifications.groups import Channels, Group, offered_to
from guiche.notifications.models import BellItem, Preference
from guiche.tickets.actions import conversation
from guiche.tickets.models import Ticket
from tests.factories.tickets import NOON, make_ticket

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def item(ana: User, bruno: User) -> BellItem:
    """In Bruno's bell: Ana replied."""
    return ring(make_ticket(requester=bruno, title="Imagens <lentas>"), ana)


def ring(ticket: Ticket, by: User) -> BellItem:
    conversation.comment(ticket, by=by, at=NOON, body="Olá.")
    activity = ticket.timeline.order_by("id").last()
    assert activity
    actions.tell(activity, at=NOON)
    return BellItem.objects.get(activity=activity)


def door(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestNotifications:
    def test_lists_what_happened(self, bruno: User, item: BellItem) -> None:
        page = door(bruno).get("/notificacoes/").content.decode()

        assert "Ana respondeu" in page
        assert "Imagens &lt;lentas&gt;" in page
        assert f'href="/notificacoes/{item.pk}/"' in page

    def test_shows_nobody_elses(self, carla: User, item: BellItem) -> None:
        assert "Ana respondeu" not in door(carla).get("/notificacoes/").content.decode()

    def test_filters_what_is_unread(self, bruno: User, ana: User, item: BellItem) -> None:
        bell.mark_all_read(bruno, at=NOON)

        assert "Ana respondeu" not in door(bruno).get("/notificacoes/?mostrar=nao-lidas").content.decode()
        assert "Ana respondeu" in door(bruno).get("/notificacoes/").content.decode()

    def test_costs_the_same_with_one_line_and_with_many(
        self, bruno: User, item: BellItem, django_assert_max_num_queries: Any
    ) -> None:
        client = door(bruno)
        with django_assert_max_num_queries(12) as one:
            client.get("/notificacoes/")
        rows = [
            BellItem(user=bruno, kind=item.kind, ticket=item.ticket, part="requester", at=NOON) for _line in range(60)
        ]
        BellItem.objects.bulk_create(rows)

        with django_assert_max_num_queries(len(one)):
            client.get("/notificacoes/")

    @pytest.mark.parametrize("asked", ["x", "-1", "1e9", "9" * 40, "²"])
    def test_a_strange_page_is_the_first(self, bruno: User, item: BellItem, asked: str) -> None:
        assert "Ana respondeu" in door(bruno).get("/notificacoes/", {"antes": asked}).content.decode()

    def test_52_a_lost_ticket_leaves_the_list_and_the_count(self, beatriz: User, ana: User, caio: User) -> None:
        ticket = make_ticket(requester=caio, by=beatriz)
        ring(ticket, ana)
        conversation.comment(ticket, by=ana, at=NOON, body="E mais.")
        client = door(caio)
        Ticket.objects.filter(pk=ticket.pk).update(requester=beatriz)

        page = client.get("/notificacoes/").content.decode()

        assert "Ana respondeu" not in page
        assert bell.unread_count(caio) == 0


class TestNotification:
    @pytest.mark.parametrize("who", ["bruno"])
    def test_leads_to_the_ticket_and_marks_it_read(self, who: str, bruno: User, item: BellItem) -> None:
        answer = door(bruno).get(f"/notificacoes/{item.pk}/")

        assert item.ticket
        assert answer["Location"] == f"/chamados/{item.ticket.number}/"
        assert bell.unread_count(bruno) == 0

    def test_leads_the_desk_to_the_desk(self, ana: User, bruno: User) -> None:
        item = ring(make_ticket(requester=bruno, assignee=ana), bruno)

        assert door(ana).get(f"/notificacoes/{item.pk}/")["Location"].startswith("/mesa/chamados/")

    def test_answers_for_a_foreign_line_as_for_none(self, carla: User, item: BellItem) -> None:
        client = door(carla)

        foreign, missing = (client.get(f"/notificacoes/{pk}/") for pk in (item.pk, item.pk + 999))

        assert foreign.status_code == missing.status_code == 404
        assert _worded(foreign) == _worded(missing)
        item.refresh_from_db()
        assert item.read_at is None


def _worded(answer: Any) -> str:
    return re.sub(r"csrf[^>]*|/notificacoes/\d+/", "", answer.content.decode())


class TestBell:
    def test_floats_with_its_lines(self, bruno: User, item: BellItem) -> None:
        page = door(bruno).get("/notificacoes/sininho/", **HTMX).content.decode()

        assert "Ana respondeu" in page
        assert "Marcar tudo como lido" in page
        assert "Ver todas" in page
        assert "<html" not in page

    def test_without_javascript_is_the_list(self, bruno: User) -> None:
        assert door(bruno).get("/notificacoes/sininho/")["Location"] == "/notificacoes/"

    def test_says_that_there_is_nothing(self, bruno: User) -> None:
        assert "Tudo em dia." in door(bruno).get("/notificacoes/sininho/", **HTMX).content.decode()

    def test_counts(self, bruno: User, item: BellItem) -> None:
        assert "1 não lida" in door(bruno).get("/notificacoes/contagem/", **HTMX).content.decode()

    def test_marks_all_as_read(self, bruno: User, item: BellItem) -> None:
        page = door(bruno).post("/notificacoes/lidas/", **HTMX).content.decode()

        assert bell.unread_count(bruno) == 0
        assert "Marcar tudo como lido" not in page

    def test_marks_all_as_read_without_javascript(self, bruno: User, item: BellItem) -> None:
        assert door(bruno).post("/notificacoes/lidas/")["Location"] == "/notificacoes/"

    def test_a_link_marks_nothing(self, bruno: User, item: BellItem) -> None:
        answer = door(bruno).get("/notificacoes/lidas/")

        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        assert "só recebe formulários" in answer.content.decode()

    @pytest.mark.parametrize("name", ["notifications", "bell", "bell-count", "notification-settings", "stream"])
    def test_is_for_who_signed_in(self, client: Client, name: str) -> None:
        assert client.get(reverse(f"profile:{name}")).status_code == 302


class TestSettings:
    def test_shows_what_is_offered(self, bruno: User, ana: User) -> None:
        of_contact = door(bruno).get("/perfil/avisos/").content.decode()
        of_staff = door(ana).get("/perfil/avisos/").content.decode()

        assert "Solução para validar" in of_contact
        assert "Notas internas para mim" not in of_contact
        assert "Notas internas para mim" in of_staff

    def test_keeps_the_choice(self, bruno: User) -> None:
        answer = door(bruno).post("/perfil/avisos/", {"reply-bell": "on", "solution-email": "on"})

        assert answer["Location"] == "/perfil/avisos/"
        kept = actions.preferences_of(bruno)
        assert kept[Group.REPLY] == Channels(by_email=False, in_bell=True)
        assert kept[Group.SOLUTION] == Channels(by_email=True, in_bell=False)

    def test_case_146_keeps_no_name_that_it_does_not_know(self, bruno: User) -> None:
        names = ["UserID", "is_superuser", "roles", "note-bell", "mention-email", "__class__-bell", "reply-bell[]", "-"]

        door(bruno).post("/perfil/avisos/", {**dict.fromkeys(names, "on"), "reply-bell": "on"})

        kept = set(Preference.objects.values_list("user", "group"))
        assert kept <= {(bruno.pk, str(group)) for group in offered_to(works_here=False)}
        bruno.refresh_from_db()
        assert (bruno.roles, bruno.is_active) == ([], True)

    def test_shows_the_choice(self, bruno: User) -> None:
        actions.prefer({Group.REPLY: Channels(by_email=False, in_bell=True)}, by=bruno)

        page = door(bruno).get("/perfil/avisos/").content.decode()

        assert re.search(r'name="reply-bell"[^>]* checked>', page)
        assert chosen(page, "reply") == "never"

    @pytest.mark.parametrize("pace", ["now", "daily", "never"])
    def test_keeps_and_shows_when_letters_come(self, bruno: User, pace: str) -> None:
        door(bruno).post("/perfil/avisos/", {"reply-email": pace, "solution-email": "daily"})

        page = door(bruno).get("/perfil/avisos/").content.decode()
        assert chosen(page, "reply") == pace
        assert chosen(page, "solution") == "now"  # what cannot wait

    def test_offers_no_digest_of_what_cannot_wait(self, bruno: User) -> None:
        page = door(bruno).get("/perfil/avisos/").content.decode()

        assert 'value="daily"' in select(page, "reply")
        for group in ("solution", "question", "closing", "receipt"):
            assert 'value="daily"' not in select(page, group)

    def test_one_button_puts_all_that_comes_and_can_wait_into_the_digest(self, bruno: User) -> None:
        door(bruno).post(
            "/perfil/avisos/", {"reply-email": "now", "step-email": "never", "solution-email": "now", "digest": "1"}
        )

        kept = actions.preferences_of(bruno)
        assert kept[Group.REPLY].daily
        assert not kept[Group.STEP].by_email
        assert kept[Group.SOLUTION] == Channels(by_email=True, in_bell=False)


def select(page: str, group: str) -> str:
    found = re.search(rf'<select[^>]* name="{group}-email".*?</select>', page, re.DOTALL)
    assert found
    return found.group()


def chosen(page: str, group: str) -> str:
    return re.findall(r'value="(\w+)" selected', select(page, group))[0]
