"""What the trail notes of apps below it, which cannot write there themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guiche.audit import record

if TYPE_CHECKING:
    from guiche.core.events import Event
    from guiche.installation.events import InstallationChanged


def note_installation(event: InstallationChanged) -> None:
    record.write(event.kind, by=event.by, at=event.at, subject=event.subject, **event.details)


def note_calendar(event: Event) -> None:
    """Note what happened to a calendar."""
    record.write(event.kind, by=event.by, at=event.at, subject=event.subject, **event.details)
