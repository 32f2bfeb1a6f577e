"""Warnings of deadlines: whom they reach, in which words, and that no customer hears of them."""

from __future__ import annotations

import pytest

from guiche.accounts.models import Team, User
from guiche.accounts.roles import Role
from guiche.mail.models import OutgoingMail
from guiche.notifications import actions, letters, recipients
from guiche.notifications.groups import Channels, Group
from guiche.notifications.models import BellItem, DigestLine
from guiche.sla.actions import escalating, marking, waking
from guiche.sla.actions.escalating import Said
from guiche.sla.models import Escalation
from guiche.tickets.actions import conversation, moving, sharing, triage
from guiche.tickets.models import Activity, Ticket
from tests.factories.accounts import make_team, make_user
from tests.factories.catalog import default_team
from tests.notifications.test_letters import ENGLISH, words
from tests.sla.actions.test_keeping import at, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def sonia(db: None) -> User:
    """A supervisor of the team."""
    user = make_user(name="Sônia Supervisora", email="sonia@lume.example", roles=[Role.SUPERVISOR])
    default_team().people.add(user)
    return user


@pytest.fixture
def ticket(ana: User, bruno: User) -> Ticket:
    """Of severity 2: an answer in 3 h, from 9h on."""
    default_team().people.add(ana)
    return opened(bruno, at(12, 9))


def escalate(said: Said, elisa: User) -> Escalation:
    made = escalating.create(said, by=elisa, at=at(1, 8))
    marking.mark_again(added=[said.percent], at=at(12, 9))  # the job that follows
    return made


def warn(system: User, moment: tuple[int, ...] = (12, 11, 20)) -> None:
    waking.wake_due(by=system, at=at(*moment) + waking.GRACE)


def last(ticket: Ticket, kind: str) -> Activity:
    return ticket.timeline.filter(kind=f"ticket.{kind}").order_by("-id")[0]


def told(activity: Activity) -> dict[str, str]:
    found = recipients.of(Activity.objects.get(pk=activity.pk))
    return {one.user.first_name if one.user else one.address: one.part.value for one in found}


def letter_to(activity: Activity, name: str) -> letters.Letter:
    activity = Activity.objects.get(pk=activity.pk)
    [to] = [one for one in recipients.of(activity) if name in (one.address, one.user and one.user.first_name)]
    return letters.compose(activity, to)


class TestTold:
    def test_whoever_is_responsible(self, ana, ticket, sonia, system):
        triage.assign(ticket, ana, by=sonia, at=at(12, 9, 1))

        warn(system)

        assert told(last(ticket, "deadline_warned")) == {"Ana": "assignee"}

    def test_the_team_when_nobody_is(self, ticket, sonia, system):
        warn(system)

        assert told(last(ticket, "deadline_warned")) == {"Ana": "team", "Sônia": "team"}

    def test_of_the_end_the_supervisors_too(self, ana, ticket, sonia, system):
        make_user(name="Outra Supervisora", roles=[Role.SUPERVISOR])  # of no team
        triage.assign(ticket, ana, by=sonia, at=at(12, 9, 1))

        warn(system, (12, 12, 1))

        assert told(last(ticket, "deadline_breached")) == {"Ana": "assignee", "Sônia": "supervisor"}

    def test_of_a_team_without_supervisors_all_of_them(self, ana, ticket, system):
        make_user(name="Outra Supervisora", roles=[Role.SUPERVISOR])
        triage.assign(ticket, ana, by=ana, at=at(12, 9, 1))

        warn(system, (12, 12, 1))

        assert told(last(ticket, "deadline_breached")) == {"Ana": "assignee", "Outra": "supervisor"}

    def test_supervisors_only_of_what_they_may_see(self, ana, bruno, ticket, restricted: Team, system):
        make_user(name="Outra Supervisora", roles=[Role.SUPERVISOR])
        restricted.people.add(ana)
        triage.transfer(ticket, restricted, by=ana, at=at(12, 9, 1), reason="É de lá.")

        warn(system, (12, 12, 1))

        assert told(last(ticket, "deadline_breached")) == {"Ana": "team"}

    def test_named_people_and_an_address_without_an_account(self, ana, elisa, ticket, system):
        said = Said(percent=60, metric="first_response", people=[ana], email="plantao@lume.example")
        escalate(said, elisa)

        warn(system, (12, 11))

        assert told(last(ticket, "deadline_warned")) == {"Ana": "named", "plantao@lume.example": "address"}

    def test_never_customers(self, ana, bruno, beatriz, ticket, sonia, system):
        sharing.share(ticket, "beatriz@acme.example", by=bruno, at=at(12, 9, 1))
        sharing.share(ticket, "nina@fora.example", by=bruno, at=at(12, 9, 2))

        warn(system)
        warn(system, (13, 12))

        for row in ticket.timeline.filter(kind__startswith="ticket.deadline_"):
            assert set(told(row)) <= {"Ana", "Sônia"}
            assert not Activity.objects.visible_to(bruno).filter(pk=row.pk).exists()

    def test_nobody_is_hurried_when_the_answer_came_meanwhile(self, ana, ticket, sonia, suporte, system):
        warn(system)
        conversation.comment(ticket, by=ana, at=at(12, 11, 21), body="Estamos vendo.")

        assert told(last(ticket, "deadline_warned")) == {}

    def test_nor_while_it_waits_for_the_customer(self, ana, ticket, sonia, suporte, system):
        moving.take(ticket, suporte.start, by=ana, at=at(12, 9, 1))
        warn(system)
        moving.take(ticket, suporte.ask, by=ana, at=at(12, 11, 21), given={"comment": "Qual?"})

        assert told(last(ticket, "deadline_warned")) == {}

    def test_as_each_chose_to_hear_of_it(self, ana, ticket, system):
        actions.prefer({Group.DEADLINE: Channels(by_email=True, in_bell=False, daily=True)}, by=ana)
        warn(system)
        activity = last(ticket, "deadline_warned")

        for _ in range(2):
            actions.tell(activity, at=at(12, 11, 21))

        assert DigestLine.objects.filter(activity=activity).count() == 1
        assert not BellItem.objects.filter(activity=activity).exists()
        assert not OutgoingMail.objects.filter(event_key=letters.EVENT_KEY % activity.pk).exists()

    def test_the_same_event_twice_is_told_once(self, ticket, sonia, elisa, system):
        said = Said(percent=70, metric="first_response", email="plantao@lume.example")
        escalate(said, elisa)
        warn(system, (12, 11, 10))
        activity = last(ticket, "deadline_warned")

        for _ in range(3):
            actions.tell(activity, at=at(12, 11, 21))

        posted = OutgoingMail.objects.filter(event_key=letters.EVENT_KEY % activity.pk)
        assert [one.recipient for one in posted] == ["plantao@lume.example"]


class TestAddress:
    @pytest.fixture
    def activity(self, elisa: User, ticket: Ticket, system: User) -> Activity:
        said = Said(percent=60, metric="first_response", email="plantao@lume.example")
        self.row = escalate(said, elisa)
        warn(system, (12, 11))
        return last(ticket, "deadline_warned")

    def may_leave(self, activity: Activity) -> bool:
        return letters.is_still_for(letters.EVENT_KEY % activity.pk, "plantao@lume.example")

    def test_gets_the_letter_without_links_to_sign_in_for(self, activity):
        letter = letter_to(activity, "plantao@lume.example")

        assert "Você recebe este aviso porque este endereço está nos avisos de prazo." in letter.text
        assert "Acme" in letter.text
        assert "/mesa/" not in letter.text + letter.html
        assert not letter.unsubscribe

    def test_a_letter_that_waits_leaves_while_it_is_named(self, activity, elisa):
        assert self.may_leave(activity)

        escalating.switch_off(self.row, by=elisa, at=at(12, 12))

        assert not self.may_leave(activity)

    def test_no_letter_leaves_for_what_became_a_customers_address(self, activity):
        make_user(name="Nova", email="plantao@lume.example")

        assert not self.may_leave(activity)
        assert told(activity) == {}


class TestWords:
    def test_says_how_much_is_left(self, ana, ticket, sonia, system):
        warn(system)

        letter = letter_to(last(ticket, "deadline_warned"), "Ana")

        assert letter.subject == f"[#{ticket.number}] Faltam 45min para a primeira resposta (75 % do prazo)"
        assert "Vence: " in letter.text

    def test_says_when_it_ran_out(self, ana, ticket, sonia, system):
        warn(system, (12, 12, 1))

        letter = letter_to(last(ticket, "deadline_breached"), "Ana")

        news = "O prazo da primeira resposta venceu quarta, 12 de novembro de 2025, às 12h"
        assert letter.subject == f"[#{ticket.number}] {news}"

    def test_has_no_english_word(self, ana, ticket, sonia, system):
        warn(system)
        warn(system, (12, 12, 1))

        for kind in ("deadline_warned", "deadline_breached"):
            letter = letter_to(last(ticket, kind), "Ana")
            for text in (letter.subject, letter.text, words(letter.html)):
                assert not ENGLISH.search(text.replace("http", " ").split("Ver o chamado:")[0]), text

    def test_names_the_zone_where_it_shows_another_time(self, ana, ticket, sonia, system):
        User.objects.filter(pk=ana.pk).update(time_zone="America/New_York")
        warn(system)

        letter = letter_to(last(ticket, "deadline_warned"), "Ana")

        assert "Vence: quarta, 12 de novembro de 2025, às 12h (horário de Brasília)" in letter.text

    def test_a_late_warning_says_what_is_left_now(self, ana, ticket, sonia, system):
        warn(system, (12, 11, 40))

        assert "Faltam 20min" in letter_to(last(ticket, "deadline_warned"), "Ana").subject


def test_a_refused_remedy_is_told_to_the_supervisors(ana, ticket, sonia, elisa, system):
    other = make_team(name="Fechada")
    said = Said(percent=50, metric="solution", remedy="transfer", to_team=other)
    escalate(said, elisa)
    Team.objects.filter(pk=other.pk).update(is_active=False)

    warn(system, (12, 15, 1))

    refused = last(ticket, "remedy_refused")
    assert told(refused) == {"Sônia": "supervisor"}
    assert "encaminhamento automático dos 50 % do prazo não deu certo" in letter_to(refused, "Sônia").subject
