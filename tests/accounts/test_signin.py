from collections.abc import Iterator
from typing import ClassVar

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import override_settings

from guiche.accounts.models import User
from guiche.accounts.signin import Backend
from guiche.config import settings
from tests.factories.accounts import PASSWORD, make_user


class Counted(MD5PasswordHasher):
    """Counts how often a password is hashed, which is what takes the time."""

    algorithm = "counted"
    passwords: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str) -> str:
        self.passwords.append(password)
        return super().encode(password, salt)


@pytest.fixture
def counted() -> Iterator[list[str]]:
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.Counted"]):
        yield Counted.passwords


def test_passwords_are_kept_by_argon2():
    assert settings.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"


@pytest.mark.django_db
def test_case_010_the_gate_works_as_hard_for_nobody(counted):
    known = make_user(email="bruno@acme.example", password=None)
    known.set_password(PASSWORD)
    known.save()
    make_user(email="sem.senha@acme.example", password=None)
    work = {}

    for address in ("bruno@acme.example", "ninguem@acme.example", "sem.senha@acme.example"):
        counted.clear()
        assert Backend().authenticate(None, email=address, password="errada-errada") is None
        work[address] = list(counted)

    assert User.objects.count() >= 2
    assert set(map(tuple, work.values())) == {("errada-errada",)}
