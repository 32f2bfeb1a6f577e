"""How much of everything the measured installation holds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

EDITION = 5  # of what is generated: a folder loaded by another edition is loaded again


@dataclass(frozen=True)
class Size:
    """Numbers of rows. The first organisation has a fifth of the tickets; the last one has two, the last team one."""

    tickets: int = 100_000
    organizations: int = 200
    people: int = 2_000
    agents: int = 50
    teams: int = 8

    @classmethod
    def of(cls, tickets: int) -> Size:
        """Return the size with that many tickets, the rest smaller too when they are few."""
        if tickets >= 10_000:
            return cls(tickets)
        return cls(tickets, organizations=max(5, tickets // 50), people=max(20, tickets // 10), agents=10, teams=4)

    def mark(self) -> dict[str, Any]:
        """Return what a loaded folder says of itself."""
        return {**asdict(self), "edition": EDITION}
