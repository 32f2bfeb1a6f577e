"""What the trail notes of apps below it, which cannot write there themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guiche.audit import record

if TYPE_CHECKING:
    from guiche.installation.events import InstallationChanged


def note_installation(event: InstallationChanged) -> None:
    record.write(event.kind, by=event.by, at=event.at, subject=event.subject, **event.details)
