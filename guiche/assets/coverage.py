"""Which of an organisation's contracts covers what, and on which days. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, TypeVar


class Covers(Protocol):
    """What is asked of a contract here. Named products narrow it; none means all."""

    pk: Any
    valid_from: Any  # Any: a day; the database's fields are typed by their descriptors
    valid_until: Any
    is_active: Any

    @property
    def product_ids(self) -> Sequence[int]: ...


class State(StrEnum):
    IN_FORCE = "in_force"
    TO_BEGIN = "to_begin"
    EXPIRED = "expired"  # its last day is over
    ENDED = "ended"  # by somebody


_Contract = TypeVar("_Contract", bound=Covers)


def choose(contracts: Iterable[_Contract], product_id: int | None, day: date) -> _Contract | None:
    """Return the contract for a ticket about `product_id` (None: about none) opened on `day`; None without any.

    One that names the product comes before one that covers all; then the one that began last, then the one written
    down last. About no product, only those that cover all count.
    """
    found = [one for one in contracts if state(one, day) == State.IN_FORCE and covers(one, product_id)]
    return max(found, key=lambda one: (bool(one.product_ids), one.valid_from, one.pk), default=None)


def covers(contract: Covers, product_id: int | None) -> bool:
    return not contract.product_ids or product_id in contract.product_ids


def state(contract: Any, day: date) -> State:
    """Return how `contract` stands on `day`, where its organisation is."""
    if not contract.is_active:
        return State.ENDED
    if day < contract.valid_from:
        return State.TO_BEGIN
    if contract.valid_until is not None and day > contract.valid_until:
        return State.EXPIRED
    return State.IN_FORCE
