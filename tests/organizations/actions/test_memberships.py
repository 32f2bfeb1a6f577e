from datetime import UTC, datetime

import pytest

from guiche.accounts.models import Session, User
from guiche.core.errors import NotAllowed
from guiche.organizations.actions import domains, memberships, organizations
from guiche.organizations.models import Domain, JoinRequest, Membership, Organization, Reach
from tests.factories.accounts import make_user
from tests.factories.organizations import make_domain, make_membership, make_organization, make_site
from tests.letters_sent import letters_to, token_to

NOON = datetime(2026, 11, 20, 15, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    organization = make_organization(name="Acme")
    make_domain(organization=organization, name="acme.example")
    return organization


@pytest.fixture
def bia(acme):
    """The portal administrator of Acme."""
    return make_membership(user=make_user(name="Beatriz"), organization=acme, is_portal_administrator=True).user


class TestInvite:
    def test_registers_somebody_new_and_sends_the_invitation(self, acme, bia):
        place = memberships.invite(acme, name="Rita Sá", email="rita@acme.example", by=bia, at=NOON)

        assert isinstance(place, Membership)
        assert (place.reach, place.user.roles) == (Reach.OWN, [])
        assert token_to("rita@acme.example")

    def test_case_166_not_into_another_organisation(self, bia):
        other = make_organization()

        with pytest.raises(NotAllowed):
            memberships.invite(other, name="Rita", email="rita@acme.example", by=bia, at=NOON)

        assert not User.objects.filter(email="rita@acme.example").exists()

    def test_case_166_an_address_of_elsewhere_is_asked_of_staff(self, acme, bia):
        made = memberships.invite(acme, name="Rita", email="rita@outra.example", by=bia, at=NOON)

        assert isinstance(made, JoinRequest)
        assert made.organization == acme
        assert not User.objects.filter(email="rita@outra.example").exists()

    def test_case_166_staff_are_not_made_contacts(self, acme, bia):
        ana = make_user(roles=["agent"], email="ana@acme.example")

        made = memberships.invite(acme, name="Ana", email=ana.email, by=bia, at=NOON)

        assert isinstance(made, JoinRequest)
        with pytest.raises(memberships.MembershipRefused):
            memberships.invite(acme, name="Ana", email=ana.email, by=make_user(roles=["administrator"]), at=NOON)

    def test_case_166_who_administers_no_more_invites_nobody(self, acme, bia):
        Membership.objects.filter(user=bia).update(is_portal_administrator=False)

        with pytest.raises(NotAllowed):
            memberships.invite(acme, name="Rita", email="rita@acme.example", by=bia, at=NOON)

    def test_somebody_of_another_organisation_is_told_instead_of_invited(self, acme, bia):
        carla = make_membership(user=make_user(email="carla@acme.example")).user

        memberships.invite(acme, name="Carla", email=carla.email, by=bia, at=NOON)

        letter = letters_to(carla.email)[0]
        assert "Acme" in letter.subject
        assert not letter.secret

    def test_an_administrator_may_bring_anybody_in(self, acme):
        elisa = make_user(roles=["administrator"])

        assert isinstance(memberships.invite(acme, name="Rita", email="rita@gmail.com", by=elisa, at=NOON), Membership)

    def test_without_e_mail_there_is_no_letter(self, acme, bia):
        with_phone = memberships.invite(
            acme, name="Rita", phone="(11) 4000-0000", by=make_user(roles=["agent"]), at=NOON
        )

        assert with_phone.user.email is None

    def test_the_unit_needs_a_unit_of_the_organisation(self, acme, bia):
        for site in (None, make_site()):
            with pytest.raises(memberships.MembershipRefused) as refusal:
                memberships.invite(
                    acme, name="Rita", email="r@acme.example", reach=Reach.UNIT, site=site, by=bia, at=NOON
                )
            assert "site" in refusal.value.fields


class TestPlace:
    def test_case_166_not_ones_own(self, acme, bia):
        place = Membership.objects.get(user=bia)

        for act in (memberships.deactivate, memberships.reactivate):
            with pytest.raises(NotAllowed):
                act(place, by=bia, at=NOON)
        with pytest.raises(NotAllowed):
            memberships.change(place, reach=Reach.ALL, site=None, is_portal_administrator=True, by=bia, at=NOON)

    def test_case_166_not_of_who_works_for_the_provider_by_now(self, acme, bia):
        place = make_membership(organization=acme)
        User.objects.filter(pk=place.user_id).update(roles=["agent"])
        place = Membership.objects.select_related("user").get(pk=place.pk)

        with pytest.raises(NotAllowed):
            memberships.deactivate(place, by=bia, at=NOON)
        with pytest.raises(NotAllowed):
            memberships.change_email(place, "outro@acme.example", by=bia, at=NOON)

    def test_case_166_not_in_another_organisation(self, bia):
        foreign = make_membership()

        with pytest.raises(NotAllowed):
            memberships.change(foreign, reach=Reach.ALL, site=None, is_portal_administrator=True, by=bia, at=NOON)
        with pytest.raises(NotAllowed):
            memberships.deactivate(foreign, by=bia, at=NOON)
        with pytest.raises(NotAllowed):
            memberships.change_email(foreign, "meu@acme.example", by=bia, at=NOON)

    def test_case_166_the_address_of_who_belongs_elsewhere_too_is_for_staff(self, acme, bia):
        shared = make_membership(organization=acme)
        make_membership(user=shared.user)

        with pytest.raises(NotAllowed):
            memberships.change_email(shared, "tomado@acme.example", by=bia, at=NOON)
        with pytest.raises(NotAllowed):
            memberships.resend(shared, by=bia, at=NOON)

    def test_case_166_an_address_outside_the_domains_is_for_staff(self, acme, bia):
        place = make_membership(organization=acme)

        with pytest.raises(memberships.MembershipRefused):
            memberships.change_email(place, "meu@outra.example", by=bia, at=NOON)

    def test_case_166_not_the_organisation_its_sites_or_domains(self, acme, bia):
        domain = Domain.objects.get()
        acts = [
            lambda: domains.add(acme, "nova.example", by=bia, at=NOON),
            lambda: domains.verify(domain, by=bia, at=NOON),
            lambda: domains.remove(domain, by=bia, at=NOON),
            lambda: organizations.deactivate(acme, by=bia, at=NOON),
            lambda: organizations.add_site(acme, name="Nova", by=bia, at=NOON),
            lambda: organizations.create(name="Minha", by=bia, at=NOON),
        ]

        for act in acts:
            with pytest.raises(NotAllowed):
                act()

    def test_case_160_the_end_of_a_place_ends_the_sessions(self, acme, bia):
        place = make_membership(organization=acme)
        Session.objects.create(session_key="k", user=place.user, expire_date=NOON, started_at=NOON, seen_at=NOON)

        memberships.deactivate(place, by=bia, at=NOON)

        assert not Session.objects.exists()

    def test_comes_back_but_not_against_staff(self, acme, bia):
        place = memberships.deactivate(make_membership(organization=acme), by=bia, at=NOON)
        assert memberships.reactivate(place, by=bia, at=NOON).is_active

        memberships.deactivate(place, by=bia, at=NOON)
        User.objects.filter(pk=place.user_id).update(is_active=False)

        with pytest.raises(memberships.MembershipRefused):
            memberships.reactivate(place, by=bia, at=NOON)

    def test_case_029_the_current_one_is_ones_own(self, acme, bia):
        own = Membership.objects.get(user=bia)

        assert memberships.make_current(own, by=bia, at=NOON).used_at == NOON
        with pytest.raises(NotAllowed):
            memberships.make_current(make_membership(), by=bia, at=NOON)


class TestVisibleTo:
    def test_carla_sees_nobody_of_acme(self, acme, bia):
        carla = make_membership().user
        caio = make_membership(organization=acme)

        assert caio not in Membership.objects.visible_to(carla)
        assert caio in Membership.objects.visible_to(bia)
        assert acme not in Organization.objects.visible_to(carla)
