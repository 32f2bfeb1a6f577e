"""A mail server on loopback, and a maker of letters."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from guiche.mail import actions, posting
from guiche.mail.models import OutgoingMail
from tests.mail.sink import Sink


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    settings.EMAIL_BACKEND = "guiche.mail.smtp.Backend"
    opened = Sink().open()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", opened.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "suporte@prestador.example"
    yield opened
    opened.close()


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "guiche.mail.folder.Backend"
    settings.MAIL_FOLDER = tmp_path / "mail"
    return tmp_path / "mail"


@pytest.fixture
def write() -> Callable[..., OutgoingMail]:
    """Return a maker of letters that no job sends."""
    count = 0

    def make(**facts: Any) -> OutgoingMail:
        nonlocal count
        count += 1
        given = {
            "event_key": f"event-{count}",
            "to": "ana@hospital.example",
            "subject": f"Carta {count}",
            "text": "Olá",
            "at": timezone.now(),
            **facts,
        }
        mail, _created = actions.write(**given)
        return mail

    return make


@pytest.fixture
def post() -> Callable[..., OutgoingMail]:
    def make(**facts: Any) -> OutgoingMail:
        with transaction.atomic():
            return posting.post(
                **{
                    "event_key": "ticket.opened:1",
                    "to": "ana@hospital.example",
                    "subject": "Carta",
                    "text": "Olá",
                    "at": timezone.now(),
                    **facts,
                }
            )

    return make
