from datetime import UTC, datetime

import pytest

from guiche.accounts import first_access
from guiche.accounts.actions import access
from guiche.accounts.models import LinkPurpose, User
from guiche.accounts.persons import PersonRefused
from guiche.core.errors import NotAllowed
from guiche.organizations import joining as rules
from guiche.organizations.actions import domains, joining, memberships, organizations
from guiche.organizations.models import JoinRequest, Membership, Organization, Reach
from tests.factories.accounts import make_user
from tests.factories.organizations import make_domain, make_membership, make_organization
from tests.letters_sent import letters_to, token_to

NOON = datetime(2026, 11, 20, 15, tzinfo=UTC)
PHRASE = "uma frase bem longa"
pytestmark = pytest.mark.django_db


@pytest.fixture
def elisa():
    return make_user(roles=["administrator"])


def proven(address, company="Acme"):
    details = {"name": "Rita Sá", "company": company, "message": "", "organization": 1, "roles": ["administrator"]}
    token = first_access.issue(LinkPurpose.CONFIRM_ADDRESS, address=address, details=details, at=NOON)
    return first_access.find(token, LinkPurpose.CONFIRM_ADDRESS, at=NOON)


class TestConfirm:
    def test_a_verified_domain_makes_a_contact_with_the_smallest_reach(self):
        acme = make_domain(name="acme.example").organization
        bia = make_membership(organization=acme, is_portal_administrator=True).user

        rita = joining.confirm(proven("rita@acme.example"), password=PHRASE, at=NOON)

        place = Membership.objects.get(user=rita)
        assert (place.organization, place.reach, place.is_portal_administrator) == (acme, Reach.OWN, False)
        assert rita.check_password(PHRASE)
        assert rita.roles == []
        assert "Rita" in letters_to(bia.email)[0].subject  # case 28: its administrators are told

    @pytest.mark.parametrize("address", ["rita@outra.example", "rita@sub.acme.example", "rita@gmail.com"])
    def test_case_031_the_name_that_was_typed_links_nobody(self, address):
        make_domain(name="acme.example", organization=make_organization(name="Acme"))

        made = joining.confirm(proven(address, company="Acme"), password=PHRASE, at=NOON)

        assert isinstance(made, JoinRequest)
        assert not User.objects.filter(email=address).exists()

    def test_case_026_a_domain_links_nobody_before_it_is_verified(self):
        make_domain(name="acme.example", verified=False)

        assert isinstance(joining.confirm(proven("rita@acme.example"), password=PHRASE, at=NOON), JoinRequest)

    def test_case_028_a_removed_domain_links_nobody_and_keeps_who_came(self, elisa):
        domain = make_domain(name="acme.example")
        rita = joining.confirm(proven("rita@acme.example"), password=PHRASE, at=NOON)

        domains.remove(domain, by=elisa, at=NOON)

        assert rules.organization_of("davi@acme.example") is None
        assert Membership.objects.active().filter(user=rita).exists()

    def test_a_closed_organisation_links_nobody(self, elisa):
        organization = make_domain(name="acme.example").organization
        organizations.deactivate(organization, by=elisa, at=NOON)

        assert rules.organization_of("rita@acme.example") is None

    def test_a_weak_password_leaves_the_link_unspent(self):
        make_domain(name="acme.example")
        link = proven("rita@acme.example")

        with pytest.raises(access.PasswordRefused, match="curta"):
            joining.confirm(link, password="curta", at=NOON)

        assert not User.objects.filter(email="rita@acme.example").exists()
        joining.confirm(link, password=PHRASE, at=NOON)

    def test_case_007_what_was_typed_before_is_worth_nothing_to_the_invited(self, elisa):
        link = proven("rita@acme.example")
        acme = make_organization()

        memberships.invite(acme, name="Rita", email="rita@acme.example", by=elisa, at=NOON)

        make_domain(name="acme.example", organization=acme)
        with pytest.raises(PersonRefused, match="cadastro"):
            joining.confirm(link, password=PHRASE, at=NOON)
        assert not User.objects.get(email="rita@acme.example").has_usable_password()


class TestDecide:
    def test_an_approval_invites(self, elisa):
        request = joining.confirm(proven("rita@outra.example"), password="", at=NOON)

        place = joining.approve(request, organization=make_organization(), by=elisa, at=NOON)

        assert place.user.email == "rita@outra.example"
        assert token_to("rita@outra.example")

    def test_a_refusal_says_why(self, elisa):
        request = joining.confirm(proven("rita@outra.example"), password="", at=NOON)

        joining.refuse(request, reason="Não conhecemos a empresa.", by=elisa, at=NOON)

        assert "Não conhecemos" in letters_to("rita@outra.example")[0].text

    def test_is_for_staff_and_happens_once(self, elisa):
        request = joining.confirm(proven("rita@outra.example"), password="", at=NOON)
        bia = make_membership(is_portal_administrator=True)

        with pytest.raises(NotAllowed):
            joining.approve(request, organization=bia.organization, by=bia.user, at=NOON)
        joining.refuse(request, by=elisa, at=NOON)
        with pytest.raises(joining.JoinRefused):
            joining.approve(request, organization=bia.organization, by=elisa, at=NOON)


class TestDomains:
    @pytest.mark.parametrize("name", ["gmail.com", "uol.com.br", "com.br", "acme", "a b.example"])
    def test_case_026_public_ones_are_refused(self, elisa, name):
        with pytest.raises(domains.DomainRefused) as refusal:
            domains.add(make_organization(), name, by=elisa, at=NOON)

        assert "name" in refusal.value.fields

    def test_case_026_one_domain_one_organisation(self, elisa):
        domains.add(make_organization(name="Acme"), "acme.example", by=elisa, at=NOON)

        with pytest.raises(domains.DomainRefused, match="Acme"):
            domains.add(make_organization(), "@ACME.example", by=elisa, at=NOON)


class TestOrganization:
    @pytest.mark.parametrize("cnpj", ["11.222.333/0001-81", "12.abc.345/01DE-35"])
    def test_takes_a_cnpj_with_letters_too(self, elisa, cnpj):
        organization = organizations.create(name="Acme", cnpj=cnpj, by=elisa, at=NOON)

        assert organization.cnpj == "".join(sign for sign in cnpj.upper() if sign.isalnum())
        assert organization.written_cnpj == cnpj.upper()
        assert list(Organization.objects.named_like(cnpj)) == [organization]
        assert list(Organization.objects.named_like(cnpj[:6])) == [organization]

    @pytest.mark.parametrize("cnpj", ["11.222.333/0001-82", "123", "---"])
    def test_refuses_a_wrong_one(self, elisa, cnpj):
        with pytest.raises(organizations.OrganizationRefused) as refusal:
            organizations.create(name="Acme", cnpj=cnpj, by=elisa, at=NOON)

        assert "cnpj" in refusal.value.fields

    @pytest.mark.parametrize("name", ["Clínica Acácia", "clinica  ACACIA "])
    def test_two_do_not_share_a_name(self, elisa, name):
        first = organizations.create(name="Clínica Acácia", by=elisa, at=NOON)
        facts = {"legal_name": "", "cnpj": "", "group": None, "erp_code": "", "time_zone": "", "notes": "Nova"}
        organizations.change(first, name=first.name, **facts, by=elisa, at=NOON)

        with pytest.raises(organizations.OrganizationRefused) as refusal:
            organizations.create(name=name, by=elisa, at=NOON)

        assert "name" in refusal.value.fields

    def test_two_do_not_share_a_cnpj(self, elisa):
        organizations.create(name="Acme", cnpj="11.222.333/0001-81", by=elisa, at=NOON)

        with pytest.raises(organizations.OrganizationRefused):
            organizations.create(name="Outra", cnpj="11222333000181", by=elisa, at=NOON)
