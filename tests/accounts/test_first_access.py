from datetime import UTC, datetime, timedelta

import pytest

from guiche.accounts import first_access, persons, system
from guiche.accounts.actions import access, answering, people
from guiche.accounts.models import AccessLink, AccessRequest, LinkPurpose
from guiche.audit.models import Entry
from guiche.mail.models import OutgoingMail
from tests.factories.accounts import PASSWORD, make_user
from tests.letters_sent import token_to

NOON = datetime(2026, 11, 20, 15, tzinfo=UTC)
DEGENERATE = ["", " ", "%20", "null", "None", "0", "undefined", "-", "A" * 42, "A" * 44, "A" * 42 + " ", "'" * 43]
pytestmark = pytest.mark.django_db


def find_first(token, at=NOON):
    return first_access.find(token, *first_access.FIRST, at=at)


class TestCase001Invitation:
    def test_case_001_works_once(self):
        user = make_user(password=None)
        token = first_access.issue(LinkPurpose.INVITATION, user=user, at=NOON)

        access.open_with_password(find_first(token), "uma frase bem longa", at=NOON)

        assert find_first(token) is None

    def test_case_001_two_at_once_spend_it_once(self):
        user = make_user(password=None)
        token = first_access.issue(LinkPurpose.INVITATION, user=user, at=NOON)
        one, other = find_first(token), find_first(token)
        access.open_with_password(one, "uma frase bem longa", at=NOON)

        with pytest.raises(first_access.LinkRefused):
            access.open_with_password(other, "outra frase bem longa", at=NOON)

        user.refresh_from_db()
        assert user.check_password("uma frase bem longa")

    def test_case_001_is_over_after_72_hours(self):
        token = first_access.issue(LinkPurpose.INVITATION, user=make_user(password=None), at=NOON)

        assert find_first(token, NOON + timedelta(hours=71, minutes=59))
        assert find_first(token, NOON + timedelta(hours=73)) is None

    def test_case_001_is_void_when_sent_again(self):
        user = make_user(password=None)
        older = first_access.issue(LinkPurpose.INVITATION, user=user, at=NOON)

        newer = first_access.issue(LinkPurpose.INVITATION, user=user, at=NOON)

        assert find_first(older) is None
        assert find_first(newer)

    def test_case_001_is_bound_to_the_address(self):
        user = make_user(password=None)
        token = first_access.issue(LinkPurpose.INVITATION, user=user, at=NOON)

        user.email = "outro@acme.example"
        user.save(update_fields=["email"])

        assert find_first(token) is None

    def test_case_001_only_a_hash_is_kept(self):
        token = first_access.issue(LinkPurpose.INVITATION, user=make_user(password=None), at=NOON)

        row = AccessLink.objects.values().get()

        assert token not in str(row)
        assert len(token) == 43  # 256 bits


class TestFind:
    @pytest.mark.parametrize("token", DEGENERATE)
    def test_case_002_a_degenerate_token_matches_nothing(self, token):
        AccessLink.objects.create(
            purpose=LinkPurpose.INVITATION,
            user=make_user(),
            token_hash="",
            created_at=NOON,
            expires_at=NOON + timedelta(hours=1),
        )

        assert find_first(token) is None

    @pytest.mark.parametrize("purpose", [LinkPurpose.FIRST_ACCESS, LinkPurpose.NEW_PASSWORD])
    def test_case_017_what_was_asked_for_is_over_after_10_minutes(self, purpose):
        token = first_access.issue(purpose, user=make_user(), at=NOON)

        assert first_access.find(token, purpose, at=NOON + timedelta(minutes=9))
        assert first_access.find(token, purpose, at=NOON + timedelta(minutes=11)) is None

    @pytest.mark.parametrize("issued", LinkPurpose.values)
    @pytest.mark.parametrize("used", LinkPurpose.values)
    def test_case_164_a_token_opens_only_what_it_was_made_for(self, issued, used):
        token = first_access.issue(issued, user=make_user(), at=NOON)

        assert bool(first_access.find(token, used, at=NOON)) is (issued == used)

    def test_nothing_opens_for_somebody_closed(self):
        user = make_user()
        token = first_access.issue(LinkPurpose.NEW_PASSWORD, user=user, at=NOON)

        people.deactivate(user, by=make_user(roles=["administrator"]), at=NOON)

        assert first_access.find(token, LinkPurpose.NEW_PASSWORD, at=NOON) is None


class TestSetupLink:
    def test_case_019_there_is_none_once_somebody_administers(self):
        make_user(roles=["administrator"])

        assert first_access.setup_link(NOON) is None

    def test_makes_the_first_administrator_once(self):
        token = first_access.setup_link(NOON).rstrip("/").rsplit("/", 1)[1]
        link = first_access.find(token, LinkPurpose.SETUP, at=NOON)

        user = access.set_up_first_administrator(
            link, name="Elisa Prado", email="Elisa@lume.example", password="uma frase bem longa", at=NOON
        )

        assert user.has_role("administrator")
        assert user.email == "elisa@lume.example"
        with pytest.raises(first_access.LinkRefused):
            access.set_up_first_administrator(
                link, name="Mal", email="m@x.example", password="outra frase longa", at=NOON
            )

    def test_is_over_after_an_hour(self):
        token = first_access.setup_link(NOON).rstrip("/").rsplit("/", 1)[1]

        assert first_access.find(token, LinkPurpose.SETUP, at=NOON + timedelta(minutes=61)) is None

    def test_case_020_nobody_can_sign_in_on_a_fresh_installation(self):
        from guiche.accounts.models import User

        assert [user.has_usable_password() for user in User.objects.all()] == [False]


class TestSecrecy:
    def test_case_005_the_token_is_in_no_table(self):
        admin = make_user(roles=["administrator"])
        user = make_user(password=None)

        people.invite(user, by=admin, at=NOON)

        token = token_to(user.email)
        mail = OutgoingMail.objects.get()
        assert find_first(token)
        kept = [
            str(OutgoingMail.objects.values().get()),
            str(list(Entry.objects.values())),
            str(AccessLink.objects.values()),
        ]
        assert not any(token in text for text in kept)
        assert mail.recipient == user.email

    def test_case_005_a_log_line_does_not_hold_it(self):
        import logging

        from guiche.core.logs import MaskTokens

        token = first_access.issue(LinkPurpose.INVITATION, user=make_user(), at=NOON)
        line = logging.LogRecord(
            "x", logging.WARNING, "", 1, "Unprocessable: %s", (f"/primeiro-acesso/{token}/",), None
        )

        MaskTokens().filter(line)

        assert token not in line.getMessage()


class TestAnswer:
    def ask(self, address, purpose=LinkPurpose.NEW_PASSWORD):
        return access.ask(purpose, address=address, network="203.0.113.9", at=NOON)

    def test_sends_who_is_registered_a_link(self):
        user = make_user()

        answering.answer(self.ask(user.email.upper()), at=NOON)

        assert first_access.find(token_to(user.email), LinkPurpose.NEW_PASSWORD, at=NOON)

    def test_sends_nothing_to_anybody_else(self):
        answering.answer(self.ask("ninguem@acme.example"), at=NOON)

        assert not OutgoingMail.objects.exists()

    def test_sends_nothing_to_somebody_closed(self):
        user = make_user(is_active=False)

        answering.answer(self.ask(user.email), at=NOON)

        assert not OutgoingMail.objects.exists()

    def test_answers_once_though_the_job_runs_twice(self):
        request = self.ask(make_user().email)

        answering.answer(request, at=NOON)
        answering.answer(request, at=NOON)

        assert OutgoingMail.objects.count() == 1

    def test_case_151_no_more_than_three_letters_an_hour_for_an_address(self):
        user = make_user(email="livia.rocha@acme.example")

        made = [self.ask(address) for address in ["livia.rocha@acme.example", "LIVIA.ROCHA@acme.example"] * 5]

        assert sum(request is not None for request in made) == 3
        assert AccessRequest.objects.count() == 3
        assert user.email

    def test_case_152_dots_and_tags_are_the_same_address(self):
        variants = [
            "livia.rocha@acme.example",
            "liviarocha@acme.example",
            "livia.rocha+x@acme.example",
            "l.iviarocha@acme.example",
        ]

        made = [self.ask(address) for address in variants]

        assert [request is not None for request in made] == [True, True, True, False]

    def test_case_151_no_more_than_twenty_an_hour_for_a_network(self):
        made = [
            access.ask(LinkPurpose.NEW_PASSWORD, address=f"p{n}@acme.example", network=f"2001:db8:0:7::{n:x}", at=NOON)
            for n in range(25)
        ]

        assert sum(request is not None for request in made) == 20  # one /64 is one network

    def test_refuses_what_is_no_address(self):
        with pytest.raises(persons.PersonRefused, match="@"):
            self.ask("livia")

    def test_case_083_the_letter_to_an_unproven_address_says_nothing_that_was_typed(self):
        details = {"name": "https://fora.example/ganhe", "company": "CANARY-company", "message": "CANARY-message"}
        access.ask(LinkPurpose.CONFIRM_ADDRESS, address="vitima@fora.example", network="", at=NOON, details=details)

        answering.answer(AccessRequest.objects.get(), at=NOON)

        letter = OutgoingMail.objects.get()
        assert "fora.example/" not in letter.text + letter.html + letter.subject
        assert "CANARY" not in letter.text + letter.html + letter.subject

    def test_case_007_nobody_is_registered_before_the_address_is_proven(self):
        from guiche.accounts.models import User

        before = User.objects.count()
        details = {"name": "Lívia Rocha", "company": "Acme", "message": ""}
        request = access.ask(
            LinkPurpose.CONFIRM_ADDRESS, address="nova@acme.example", network="203.0.113.9", details=details, at=NOON
        )
        answering.answer(request, at=NOON)

        assert User.objects.count() == before
        assert first_access.find(token_to("nova@acme.example"), LinkPurpose.CONFIRM_ADDRESS, at=NOON)

    def test_a_registration_of_somebody_registered_gets_their_own_link(self):
        user = make_user()
        request = access.ask(LinkPurpose.CONFIRM_ADDRESS, address=user.email, network="203.0.113.9", at=NOON)

        answering.answer(request, at=NOON)

        assert first_access.find(token_to(user.email), LinkPurpose.NEW_PASSWORD, at=NOON)


def test_the_system_is_a_person_who_cannot_sign_in():
    assert not system.user().has_usable_password()
    assert system.user().email is None
    assert not system.user().check_password(PASSWORD)
