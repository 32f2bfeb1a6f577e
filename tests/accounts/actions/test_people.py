import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection

from guiche.accounts import first_access, persons, system
from guiche.accounts.actions import access, merging, people, teams
from guiche.accounts.models import AccessLink, LinkPurpose, Session, User
from guiche.audit.models import Entry
from guiche.core.errors import NotAllowed
from guiche.organizations.models import Membership, Reach
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.organizations import make_membership
from tests.letters_sent import letters_to

NOON = datetime(2026, 11, 20, 15, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def elisa():
    return make_user(name="Elisa Prado", roles=["administrator"], email="elisa@lume.example")


def open_session(user, key="k" * 32):
    return Session.objects.create(session_key=key, user=user, expire_date=NOON, started_at=NOON, seen_at=NOON)


class TestGrantRoles:
    @pytest.mark.parametrize("roles", [[], ["agent"], ["supervisor"], ["back_office"], ["technician"], ["editor"]])
    def test_case_167_only_administrators_do(self, roles):
        by, friend = make_user(roles=roles), make_user(roles=["agent"])

        for user in (by, friend):
            with pytest.raises(NotAllowed):
                people.grant_roles(user, ["administrator"], by=by, at=NOON)

        friend.refresh_from_db()
        assert friend.roles == ["agent"]

    def test_case_167_is_recorded_and_told_to_every_administrator(self, elisa):
        second = make_user(roles=["administrator"])
        ana = make_user(name="Ana", roles=["agent"])

        people.grant_roles(ana, ["supervisor", "agent"], by=elisa, at=NOON)

        entry = Entry.objects.get(act="person.roles_changed")
        assert (entry.actor_id, entry.details) == (elisa.pk, {"old": ["agent"], "new": ["agent", "supervisor"]})
        assert letters_to(elisa.email)
        assert letters_to(second.email)
        assert not letters_to(ana.email)

    def test_case_160_ends_the_sessions(self, elisa):
        ana = make_user(roles=["agent", "supervisor"])
        open_session(ana)

        people.grant_roles(ana, ["agent"], by=elisa, at=NOON)

        assert not Session.objects.of(ana).exists()

    def test_nobody_becomes_the_system(self, elisa):
        with pytest.raises(people.RolesRefused):
            people.grant_roles(make_user(), ["system"], by=elisa, at=NOON)

    def test_the_system_stays_the_system(self, elisa):
        with pytest.raises(NotAllowed):
            people.grant_roles(system.user(), ["administrator"], by=elisa, at=NOON)

    def test_the_last_administrator_stays(self, elisa):
        with pytest.raises(people.RolesRefused, match="Elisa"):
            people.grant_roles(elisa, ["agent"], by=elisa, at=NOON)


class TestDeactivate:
    def test_case_160_ends_sessions_and_links_at_once(self, elisa):
        bruno = make_user()
        open_session(bruno)
        first_access.issue(LinkPurpose.NEW_PASSWORD, user=bruno, at=NOON)

        people.deactivate(bruno, by=elisa, at=NOON)

        assert not Session.objects.of(bruno).exists()
        assert not AccessLink.objects.unused().exists()

    def test_nobody_closes_themselves(self, elisa):
        with pytest.raises(NotAllowed):
            people.deactivate(elisa, by=elisa, at=NOON)

    def test_an_agent_does_not_close_a_colleague(self):
        with pytest.raises(NotAllowed):
            people.deactivate(make_user(roles=["agent"]), by=make_user(roles=["agent"]), at=NOON)

    def test_work_goes_only_to_somebody_of_the_desk(self, elisa):
        with pytest.raises(persons.PersonRefused):
            people.deactivate(make_user(roles=["agent"]), by=elisa, at=NOON, successor=make_user())

    def test_comes_back(self, elisa):
        bruno = people.deactivate(make_user(), by=elisa, at=NOON)

        assert people.reactivate(bruno, by=elisa, at=NOON).is_active


class TestChangeEmail:
    def test_tells_both_addresses_ends_sessions_and_voids_links(self, elisa):
        bruno = make_user(email="antigo@acme.example")
        open_session(bruno)
        first_access.issue(LinkPurpose.NEW_PASSWORD, user=bruno, at=NOON)

        people.change_email(bruno, " Novo@Acme.example ", by=elisa, at=NOON)

        assert [len(letters_to(a)) for a in ("antigo@acme.example", "novo@acme.example")] == [1, 1]
        assert not Session.objects.of(bruno).exists()
        assert not AccessLink.objects.unused().exists()

    def test_refuses_an_address_that_somebody_has(self, elisa):
        make_user(email="novo@acme.example")

        with pytest.raises(persons.PersonRefused) as refusal:
            people.change_email(make_user(), "NOVO@acme.example", by=elisa, at=NOON)

        assert "email" in refusal.value.fields

    def test_case_025_nobody_changes_their_own(self):
        for roles in ([], ["agent"]):
            user = make_user(roles=roles)
            with pytest.raises(NotAllowed):
                people.change_email(user, "outro@acme.example", by=user, at=NOON)

    def test_an_agent_does_not_take_over_a_colleague(self):
        with pytest.raises(NotAllowed):
            people.change_email(
                make_user(roles=["administrator"]), "meu@x.example", by=make_user(roles=["agent"]), at=NOON
            )


class TestChange:
    def test_case_143_writes_only_what_is_listed(self):
        bruno = make_user()

        for name in ("roles", "is_active", "email", "password", "merged_into", "is_staff", "created_at"):
            with pytest.raises(TypeError):
                people.change(bruno, by=bruno, at=NOON, **{name: "x"})

    def test_refuses_an_unknown_zone(self):
        bruno = make_user()

        with pytest.raises(persons.PersonRefused):
            people.change(bruno, by=bruno, at=NOON, time_zone="../../etc/passwd")


class TestPassword:
    def test_case_160_a_change_ends_the_other_sessions_and_says_so(self):
        bruno = make_user()
        open_session(bruno, "a" * 32)
        open_session(bruno, "b" * 32)

        access.change_password(bruno, old=PASSWORD, new="outra frase bem longa", at=NOON, session_key="a" * 32)

        assert [row.session_key for row in Session.objects.of(bruno)] == ["a" * 32]
        assert len(letters_to(bruno.email)) == 1

    def test_asks_for_the_current_one(self):
        with pytest.raises(access.PasswordRefused) as refusal:
            access.change_password(make_user(), old="errada", new="outra frase bem longa", at=NOON, session_key=None)

        assert "old" in refusal.value.fields

    def test_case_150_is_not_guessed_from_an_open_session(self):
        user = make_user()

        def tell(old, at=NOON):
            with pytest.raises(access.PasswordRefused) as refusal:
                access.change_password(user, old=old, new="outra frase bem longa", at=at, session_key=None)
            return refusal.value.message

        wrong = [tell(f"errada-{number}") for number in range(5)]

        assert len(set(wrong)) == 1
        assert "15 minutos" in tell(PASSWORD)
        access.change_password(
            user, old=PASSWORD, new="outra frase bem longa", at=NOON + timedelta(minutes=16), session_key=None
        )

    @pytest.mark.parametrize(
        "password",
        [
            "curta",
            "password123",
            "1234567890",
            "guiche2026!",
            "Guichê Guichê 1",
            "bruno.lima@acme",
            "senhasenha",
            "suporte2026",
        ],
    )
    def test_refuses_what_is_easy_to_guess(self, password):
        user = make_user(name="Bruno Lima", email="bruno.lima@acme.example")

        with pytest.raises(access.PasswordRefused):
            access.check_password(password, user)

    @pytest.mark.parametrize(
        "password",
        [
            "cafe da tarde na central",
            "correto cavalo bateria",
            "Ωδ ж 漢字 ção pãozinho",
            "x7#kQ9!vLm2$",
            "a" * 10 + "bcdefg" * 9,
            " espaço no começo ",
        ],
    )
    def test_takes_sentences_signs_and_64_characters(self, password):
        access.check_password(password, make_user())


class TestMerge:
    def test_moves_places_and_frees_the_address(self, elisa):
        place = make_membership(reach=Reach.ALL)
        kept = make_user(email=None)

        into = merging.merge(place.user, into=kept, by=elisa, at=NOON)

        place.refresh_from_db()
        gone = User.objects.get(merged_into=kept)
        assert Membership.objects.get(user=kept).reach == Reach.ALL
        assert into.email
        assert (gone.email, gone.is_active, gone.merged_into) == (None, False, kept)

    def test_keeps_the_wider_of_two_places(self, elisa):
        place = make_membership(reach=Reach.OWN)
        other = make_membership(organization=place.organization, reach=Reach.ALL, is_portal_administrator=True)

        merging.merge(other.user, into=place.user, by=elisa, at=NOON)

        place.refresh_from_db()
        assert (place.reach, place.is_portal_administrator) == (Reach.ALL, True)

    def test_is_not_for_the_providers_people(self, elisa):
        with pytest.raises(NotAllowed):
            merging.merge(make_user(roles=["agent"]), into=make_user(), by=elisa, at=NOON)

    def test_happens_once(self, elisa):
        one, two, three = make_user(), make_user(), make_user()
        merging.merge(one, into=two, by=elisa, at=NOON)

        with pytest.raises(merging.MergeRefused):
            merging.merge(one, into=three, by=elisa, at=NOON)


class TestTeams:
    def test_hold_people_of_the_desk_only(self, elisa):
        with pytest.raises(teams.TeamRefused):
            teams.create(name="Suporte N1", people=[make_user()], by=elisa, at=NOON)

    def test_get_an_address_of_their_own(self, elisa):
        names = [teams.create(name=name, by=elisa, at=NOON).slug for name in ("Suporte N1", "Suporte N1 ")[:1]]

        assert names == ["suporte-n1"]
        with pytest.raises(teams.TeamRefused):
            teams.create(name="Suporte N1", by=elisa, at=NOON)


def together(*acts):
    """Run `acts` at the same moment, each on a connection of its own; return what each one raised, or None."""
    barrier = threading.Barrier(len(acts))

    def run(act):
        try:
            barrier.wait()
            act()
        except Exception as error:
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
@pytest.mark.usefixtures("system")
class TestRaces:
    def test_case_220_two_administrators_who_remove_each_other_leave_one_and_block_nobody(self, elisa):
        for _ in range(10):
            other = make_user(roles=["administrator"])
            raised = together(
                lambda other=other: people.grant_roles(other, ["agent"], by=elisa, at=NOON),
                lambda other=other: people.grant_roles(elisa, ["agent"], by=other, at=NOON),
            )

            assert User.objects.active().with_role("administrator").count() == 1
            assert [type(error) for error in raised if error] == [people.RolesRefused]
            User.objects.filter(pk=elisa.pk).update(roles=["administrator"])
            User.objects.filter(pk=other.pk).update(roles=["agent"])

    def test_twin_without_the_order_they_block_each_other(self, elisa, monkeypatch):
        other, both_have_looked = make_user(roles=["administrator"]), threading.Barrier(2, timeout=5)

        def look():
            found = list(User.objects.active().with_role("administrator").values_list("pk", flat=True))
            both_have_looked.wait()
            return found

        monkeypatch.setattr(people, "lock_administrators", look)
        raised = together(
            lambda: people.grant_roles(other, ["agent"], by=elisa, at=NOON),
            lambda: people.grant_roles(elisa, ["agent"], by=other, at=NOON),
        )

        nobody_is_left = not User.objects.active().with_role("administrator").exists()
        assert nobody_is_left or any(isinstance(error, OperationalError) for error in raised)

    def test_case_218_two_first_words_of_a_person_make_one(self, elisa):
        def register():
            persons.register(name="Rita Reis", email="Rita@Nova.example ", phone="", roles=[], by=elisa, at=NOON)

        raised = together(*[register] * 8)

        assert User.objects.filter(email="rita@nova.example").count() == 1
        assert [type(error) for error in raised if error] == [persons.PersonRefused] * 7
