"""The demonstration: a fictional provider, three customers and ninety days of tickets, made through the actions."""

import secrets
from datetime import timedelta

from django.utils import timezone

from guiche.accounts.models import User
from guiche.accounts.roles import Role
from guiche.operations import tasks
from guiche.operations.demo import contracts, people, telling
from guiche.operations.home import Account

# The account of each role that is printed, by e-mail.
SHOWN = (
    ("marina.duarte@saobento.example", "Administra o portal do cliente"),
    ("jonas.prado@saobento.example", "Cliente, em duas empresas"),
    ("celia.bastos@saobento.example", "Cliente, só os próprios chamados"),
    ("helena.faria@pedraalta.example", "Cliente de outra empresa"),
    ("rafael.nunes@lume.example", "Analista"),
    ("sonia.freire@lume.example", "Supervisor"),
    ("paulo.reis@lume.example", "Retaguarda"),
    ("teresa.vidal@lume.example", "Administrador"),
    ("davi.teles@lume.example", "Técnico"),
    ("nara.lins@lume.example", "Editor da base"),
    ("olga.mendes@lume.example", "Integridade"),
)


def load() -> list[Account]:
    """Fill an empty database and return the accounts to show. Runs in the caller's transaction."""
    now = timezone.now()
    begun = now - timedelta(days=telling.DAYS + 5)
    house = people.build(begun)
    contracts.sign(house, begun)
    accounts = [_with_password(email, words) for email, words in SHOWN]
    telling.tell(house, now)
    tasks.read_old_news.defer()
    return accounts


def _with_password(email: str, words: str) -> Account:
    """Give the person a random password. Everybody else of the demonstration goes through first access."""
    password = "-".join(secrets.token_hex(2) for _part in range(4))
    user = User.objects.get(email=email)
    user.set_password(password)
    user.save(update_fields=["password"])
    role = words if not user.works_here else str(Role(user.roles[0]).label)
    return {"role": role, "email": email, "password": password}
