"""Who sees which ticket, comment, line and file: the rule that everything else leans on."""

from datetime import timedelta

import pytest

from guiche.accounts.models import Team
from guiche.organizations.models import Membership, Reach
from guiche.tickets import policies
from guiche.tickets.actions import conversation, sharing
from guiche.tickets.models import Activity, Attachment, Comment, Participant, Ticket
from tests.factories.organizations import make_membership, make_organization, make_site
from tests.factories.tickets import MORNING, NOON, make_ticket

CAST = ("ana", "bruno", "beatriz", "caio", "carla", "davi", "elisa", "olga", "gustavo", "system")


@pytest.fixture
def cast(request):
    return {name: request.getfixturevalue(name) for name in CAST}


def seeing(ticket, cast):
    return [name for name, user in cast.items() if Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists()]


class TestVisibleTo:
    def test_follows_the_cast(self, cast, bruno):
        assert seeing(make_ticket(requester=bruno), cast) == ["ana", "bruno", "beatriz", "gustavo", "system"]

    def test_own_reach_sees_own_tickets(self, cast, caio):
        assert seeing(make_ticket(requester=caio), cast) == ["ana", "bruno", "beatriz", "caio", "gustavo", "system"]

    def test_reserved_types_stay_with_who_asked(self, cast, caio):
        ticket = make_ticket(requester=caio, type_slug="ouvidoria")

        assert seeing(ticket, cast) == ["ana", "caio", "gustavo", "system"]

    def test_restricted_teams_are_seen_by_their_people(self, cast, bruno, restricted):
        ticket = make_ticket(requester=bruno, team=restricted)

        assert seeing(ticket, cast) == ["bruno", "beatriz", "gustavo", "system"]

    def test_a_membership_that_ended_sees_nothing(self, bruno):
        ticket = make_ticket(requester=bruno)
        Membership.objects.filter(user=bruno).update(is_active=False)

        assert not Ticket.objects.visible_to(bruno).filter(pk=ticket.pk).exists()

    def test_nor_by_taking_part_in_it(self, ana, bruno, caio):
        ticket = make_ticket(requester=bruno)
        sharing.share(ticket, caio.email, by=bruno, at=NOON)
        assert Ticket.objects.visible_to(caio).filter(pk=ticket.pk).exists()

        Membership.objects.filter(user=caio).update(is_active=False)

        assert not Ticket.objects.visible_to(caio).filter(pk=ticket.pk).exists()

    def test_an_organisation_that_was_closed_shows_nothing_to_its_people(self, bruno, acme, ana):
        ticket = make_ticket(requester=bruno)
        acme.is_active = False
        acme.save()

        assert not Ticket.objects.visible_to(bruno).exists()
        assert Ticket.objects.visible_to(ana).filter(pk=ticket.pk).exists()

    def test_unit_reach_sees_its_site(self, bruno, acme):
        site = acme.sites.get()
        other = make_site(organization=acme, name="Filial")
        neighbour = make_membership(organization=acme, reach=Reach.UNIT, site=site).user
        stranger = make_membership(organization=acme, reach=Reach.UNIT, site=other).user
        homeless = make_membership(organization=acme, reach=Reach.UNIT).user
        ticket = make_ticket(requester=bruno)

        found = [
            Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists() for user in (neighbour, stranger, homeless)
        ]

        assert found == [True, False, False]

    def test_a_person_of_two_companies_sees_both(self, bruno, acme):
        other = make_organization(name="Acme Norte")
        make_membership(user=bruno, organization=other)
        here, there = make_ticket(requester=bruno, organization=acme), make_ticket(requester=bruno, organization=other)

        assert set(Ticket.objects.visible_to(bruno)) == {here, there}

    def test_costs_one_query(self, bruno, django_assert_num_queries):
        make_ticket(requester=bruno)

        with django_assert_num_queries(1):
            list(Ticket.objects.visible_to(bruno))


class TestJudgedBy:
    @pytest.mark.parametrize("type_slug", ["falha-tecnica", "ouvidoria"])
    def test_agrees_with_the_rights_of_every_contact(self, type_slug, cast, bruno, caio):
        for requester, other in ((bruno, caio), (caio, bruno)):
            ticket = make_ticket(requester=requester, type_slug=type_slug)
            Participant.objects.create(ticket=ticket, user=other, added_by=requester, added_at=NOON)
            seen = Ticket.objects.filter(pk=ticket.pk)
            for name in ("bruno", "beatriz", "caio", "carla"):
                judges = seen.visible_to(cast[name]).judged_by(cast[name]).exists()
                may = seen.visible_to(cast[name]).exists() and policies.rights(cast[name], ticket).may_judge
                assert judges == may, name


class TestParts:
    def test_notes_are_for_staff(self, ana, bruno):
        ticket = make_ticket(requester=bruno)
        conversation.note(ticket, by=ana, at=NOON, body="CANARY")

        assert not Comment.objects.visible_to(bruno).filter(ticket=ticket).exists()
        assert not Activity.objects.visible_to(bruno).filter(ticket=ticket, kind="ticket.noted").exists()
        assert Comment.objects.visible_to(ana).filter(ticket=ticket).exists()

    def test_case_43_somebody_of_another_company_sees_from_joining_on(self, ana, bruno, carla):
        ticket = make_ticket(requester=bruno, at=MORNING)
        before = conversation.comment(ticket, by=bruno, at=NOON, body="CANARY")
        sharing.share(ticket, carla.email, by=ana, at=NOON + timedelta(minutes=5))
        after = conversation.comment(ticket, by=bruno, at=NOON + timedelta(minutes=10), body="Depois")

        seen = list(Comment.objects.visible_to(carla).filter(ticket=ticket))

        assert seen == [after]
        assert before in Comment.objects.visible_to(bruno).filter(ticket=ticket)

    def test_the_whole_when_staff_chose_so(self, ana, bruno, carla):
        ticket = make_ticket(requester=bruno)
        before = conversation.comment(ticket, by=bruno, at=NOON, body="Antes")
        sharing.share(ticket, carla.email, by=ana, at=NOON + timedelta(minutes=5), whole=True)

        assert before in Comment.objects.visible_to(carla).filter(ticket=ticket)

    def test_a_customer_cannot_bring_in_a_stranger(self, bruno, carla):
        ticket = make_ticket(requester=bruno)

        sharing.share(ticket, carla.email, by=bruno, at=NOON)

        assert not Participant.objects.filter(ticket=ticket).exists()
        assert ticket.copies.get().address == carla.email
        assert not Ticket.objects.visible_to(carla).exists()

    def test_files_follow_their_comment(self, ana, bruno, carla):
        ticket = make_ticket(requester=bruno)

        assert not Attachment.objects.visible_to(carla).exists()
        assert Team.objects.open_to(ana).filter(pk=ticket.team_id).exists()
