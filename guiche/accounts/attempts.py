"""How often something may be tried: counted in the database under a lock, so that parallel tries don't slip through."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from guiche.accounts.models import Attempt
from guiche.accounts.signin import normalize_email

KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    kind: str
    count: int
    within: timedelta


LETTERS_OF_ADDRESS = Limit("letter-address", 3, timedelta(hours=1))
LETTERS_OF_NETWORK = Limit("letter-network", 20, timedelta(hours=1))
PASSWORDS_OF_ADDRESS = Limit("password-address", 5, timedelta(minutes=15))
COPIES_OF_PERSON = Limit("copy-person", 100, timedelta(days=1))  # outside addresses that get letters of tickets
PASSWORDS_OF_NETWORK = Limit("password-network", 60, timedelta(minutes=15))


@transaction.atomic
def take(limit: Limit, key: str, *, at: datetime) -> Attempt | None:
    """Note one more try and return it; None, noting nothing, when `key` has used up its tries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"{limit.kind}:{key}"])
    recent = Attempt.objects.filter(kind=limit.kind, key=key, at__gt=at - limit.within)
    if recent.count() >= limit.count:
        return None
    return Attempt.objects.create(kind=limit.kind, key=key, at=at)


def take_all(tries: Sequence[tuple[Limit, str]], *, at: datetime) -> list[Attempt] | None:
    """Note a try under several limits; None, noting nothing, when one of them is used up."""
    taken: list[Attempt] = []
    for limit, key in tries:
        attempt = take(limit, key, at=at)
        if attempt is None:
            give_back(taken)
            return None
        taken.append(attempt)
    return taken


def give_back(taken: Sequence[Attempt]) -> None:
    """Forget tries that should not count: the password was right."""
    Attempt.objects.filter(pk__in=[attempt.pk for attempt in taken]).delete()


def free_at(limit: Limit, key: str, *, at: datetime) -> datetime | None:
    """Return when `key` may try again; None when it may now."""
    recent = Attempt.objects.filter(kind=limit.kind, key=key, at__gt=at - limit.within).order_by("-at", "-id")
    counted = list(recent.values_list("at", flat=True)[: limit.count])
    return counted[-1] + limit.within if len(counted) >= limit.count else None


def forget_old(*, at: datetime) -> int:
    """Remove tries that no limit counts any more. Return how many."""
    return Attempt.objects.filter(at__lt=at - KEPT_FOR).delete()[0]


def address_key(address: str) -> str:
    """Return an address as limits compare it: without case, `+tags`, and dots before the @."""
    local, at_sign, domain = normalize_email(address).rpartition("@")
    return f"{local.split('+', 1)[0].replace('.', '')}{at_sign}{domain}"[:300]


def network_key(address: str | None) -> str:
    """Return the network of a client: an IPv4 address, or the /64 that one IPv6 customer owns."""
    try:
        client = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(client, ipaddress.IPv6Address):
        if client.ipv4_mapped:
            return str(client.ipv4_mapped)
        return str(ipaddress.ip_network((client, 64), strict=False))
    return str(client)
