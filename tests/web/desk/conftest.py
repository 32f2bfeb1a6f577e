"""What the tests of the desk share: a browser of each of the cast, and forms as the page makes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guiche.accounts import sessions
from guiche.accounts.models import User
from guiche.tickets.models import Ticket

HTMX = {"HX-Request": "true"}


@pytest.fixture
def enter() -> Callable[[User], Client]:
    """Return a client in which the person is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        session = client.session
        sessions.start(session, user, device="Chrome", address=None, at=timezone.now())
        session.save()
        return client

    return signed_in


@pytest.fixture
def desk(enter: Callable[[User], Client], ana: User) -> Client:
    """Ana's browser."""
    return enter(ana)


def seen_of(ticket: Ticket) -> int:
    """The last line that a page made now shows."""
    return ticket.timeline.latest("id").pk


def text_of(response: Any) -> str:
    """What is read of a page: without marks, spaces squeezed."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
