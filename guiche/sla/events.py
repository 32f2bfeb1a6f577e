"""What can happen to a promise. All are of a ticket."""

from guiche.core.events import Event


class DeadlineWarned(Event):
    """Part of the time is used. `details`: clock, metric, percent, due_at. Internal."""

    kind = "ticket.deadline_warned"


class DeadlineBreached(Event):
    """The time ran out, at the instant of the event. `details`: clock, metric, due_at. Internal."""

    kind = "ticket.deadline_breached"
