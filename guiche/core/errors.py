"""How a rule says no: an exception with a sentence for the person."""

from collections.abc import Mapping


class Refused(Exception):
    """A rule said no. `message` says what happened and what to do; `fields` says it beside a field of a form."""

    def __init__(self, message: str, *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})


class NotAllowed(Refused):
    """This person may not do this."""


class Conflict(Refused):
    """Somebody else was faster: what the person looked at is no longer so."""
