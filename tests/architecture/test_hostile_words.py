"""Words that try to be code, in every column that people type into, on every page and in every letter."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from guiche.accounts import letters
from guiche.accounts.models import LinkPurpose, User
from guiche.installation import models as installation
from guiche.mail.models import OutgoingMail
from guiche.notifications import actions as notifications
from guiche.tickets.actions import conversation, sharing
from guiche.tickets.models import Activity, Ticket
from tests.architecture import fuzz
from tests.architecture.gates import CAST, GATES
from tests.architecture.walk import HTMX
from tests.architecture.world import World, passing_world
from tests.factories.catalog import make_custom_field, make_form_field, shipped_type

pytestmark = pytest.mark.django_db

HOSTILE = "\"'><x-pwn pwn=1>%s%(a)s{{7*7}}{0}"
SHORT = '"><x-pwn pwn>'  # for columns of few signs
# What no person types: keys, codes, what is computed, what a constraint holds to a form.
NOT_TYPED = {"password", "slug", "search_key", "checksum", "token_hash", "mark_hash", "kind", "place", "event_key"}
NOT_TYPED |= {"time_zone", "part", "language", "logo_kind", "icon", "conditions", "standard"}
WORDS_IN_DETAILS = {"name", "assignee", "from", "to", "to_customer", "step", "reason", "address", "email", "phone"}

EXPECTED = """
User.name Team.name Organization.name Site.name Group.name Product.name Module.name Service.name Failure.name
Severity.name Status.name Status.customer_name Transition.name Workflow.name RequestType.name CustomField.name
FormField.help StoredFile.name Installation.name Ticket.title Ticket.description Comment.body JoinRequest.company
"""


class Pwned(HTMLParser):
    """Finds where words became markup."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _value in attrs}
        if tag == "x-pwn" or "pwn" in names or any(name.startswith("on") for name in names):
            self.found.append(str(self.get_starttag_text()))
        for name, value in attrs:
            if name in {"href", "src", "action"} and (value or "").strip().lower().startswith(
                ("javascript:", "data:t")
            ):
                self.found.append(str(value))


def pwned(html: str) -> list[str]:
    reader = Pwned()
    reader.feed(html)
    return reader.found


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    installation.forget()
    logging.disable(logging.WARNING)
    with django_db_blocker.unblock(), passing_world() as made:
        installation.Installation.objects.get_or_create(pk=1)
        custom = make_custom_field(kind="choice", choices=[HOSTILE, "b"])
        make_form_field(request_type=shipped_type(), custom=custom)
        made.names["hostile"] = _poison()
        installation.forget()
        yield made
    logging.disable(logging.NOTSET)
    installation.forget()


def _poison() -> list[str]:
    """Put HOSTILE in every column of ours that holds words, and return which."""
    columns = []
    for model in apps.get_models():
        if not model.__module__.startswith("guiche."):
            continue
        for column in model._meta.concrete_fields:
            if _is_typed(column) and _set(model, column):
                columns.append(f"{model.__name__}.{column.name}")
    for activity in Activity.objects.all():
        activity.details = _poisoned(activity.details)
        activity.save(update_fields=["details"])
    return columns


def _is_typed(column: Any) -> bool:
    is_words = isinstance(column, (models.CharField, models.TextField)) and not column.choices
    return is_words and not isinstance(column, models.SlugField | models.EmailField) and column.name not in NOT_TYPED


def _set(model: type[models.Model], column: Any) -> bool:
    room = column.max_length or 10_000
    try:
        with transaction.atomic():
            for row in model._default_manager.all():
                words = f"{row.pk}{HOSTILE}"[:room] if room >= 45 else SHORT[:room]
                model._default_manager.filter(pk=row.pk).update(**{column.name: words})
    except DatabaseError:  # a constraint says that these words cannot be there
        return False
    return model._default_manager.exists()


def _poisoned(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _poisoned(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_poisoned(one, name) for one in value]
    return HOSTILE if isinstance(value, str) and name in WORDS_IN_DETAILS else value


class TestPages:
    def test_the_words_are_everywhere(self, world: World) -> None:
        columns = world.names["hostile"]

        assert len(columns) > 60, columns
        assert set(EXPECTED.split()) <= set(columns), columns

    @pytest.mark.parametrize("who", ["anonymous", "bruno", "beatriz", "ana", "elisa"])
    def test_cases_58_65_67_no_page_takes_words_for_code(self, world: World, who: str) -> None:
        client, wrong, shown = fuzz.browsers(world)[who], [], 0
        for gate in GATES:
            if gate.answers[CAST.index(who)] not in {"200", "302"}:
                continue
            for headers in ({}, HTMX):
                with fuzz.undone():
                    answer = client.get(fuzz.address(gate, world), headers=headers)
                if answer.status_code >= 500:
                    wrong.append(f"{gate.route}: {answer.status_code}")
                elif answer["Content-Type"].startswith("text/html"):
                    page = answer.content.decode()
                    shown += "x-pwn" in page
                    wrong += [f"{gate.route}: {found}" for found in pwned(page)]

        assert not wrong
        assert shown > (0 if who == "anonymous" else 20)


class TestLetters:
    def test_cases_58_67_no_letter_takes_words_for_code(self, world: World) -> None:
        ticket, now = Ticket.objects.get(number=world.names["ticket"]), timezone.now()
        with transaction.atomic():
            OutgoingMail.objects.all().delete()
            ana, bruno = (User.objects.get(pk=world.people[name].pk) for name in ("ana", "bruno"))
            conversation.comment(ticket, by=ana, at=now, body=HOSTILE)
            conversation.comment(ticket, by=bruno, at=now, body=HOSTILE)
            sharing.share(ticket, "fora@fora.example", by=ana, at=now)
            for activity in ticket.timeline.order_by("-id")[:3]:
                notifications.tell(activity, at=now)
            letters.send_new_device(bruno, device=HOSTILE, address="127.0.0.1", at=now)
            letters.send_invitation(bruno, "t" * 43, by=ana, organization=HOSTILE, at=now)
            letters.send_confirmation("x@fora.example", "t" * 43, at=now)
            letters.send_password_link(bruno, LinkPurpose.FIRST_ACCESS, "t" * 43, at=now)
            written = list(OutgoingMail.objects.all())
            transaction.set_rollback(True)

        assert len(written) >= 6
        assert [found for letter in written for found in pwned(letter.html)] == []
        assert sum("x-pwn" in letter.html for letter in written) >= 5


def test_the_reader_sees_it() -> None:
    assert pwned(HOSTILE)
    assert not pwned(json.dumps(HOSTILE).replace("<", "&lt;"))
