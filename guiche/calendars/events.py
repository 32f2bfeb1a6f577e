"""What can happen to calendars. The subject is always the calendar."""

from guiche.core.events import Event


class CalendarCreated(Event):
    """`details`: name, kind."""

    kind = "calendar.created"


class CalendarRenamed(Event):
    """`details`: old and new name."""

    kind = "calendar.renamed"


class CalendarPublished(Event):
    """From an instant on it counts otherwise. `details`: version, effective_from, corrects_past, reason."""

    kind = "calendar.published"


class CalendarWithdrawn(Event):
    """A version that had not begun never will. `details`: version, effective_from."""

    kind = "calendar.withdrawn"


class CalendarMadeDefault(Event):
    """`details`: name, and previous: the name of the one before."""

    kind = "calendar.made_default"


class CalendarArchived(Event):
    """Nobody can choose it any more. A reaction that finds it in use refuses. `details`: name."""

    kind = "calendar.archived"


class CalendarRestored(Event):
    """`details`: name."""

    kind = "calendar.restored"
