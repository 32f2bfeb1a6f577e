"""What can happen to a ticket."""

from guiche.core.events import Event
from guiche.workflows.stages import Stage


class TicketOpened(Event):
    kind = "ticket.opened"


class CommentAdded(Event):
    """A public reply. `comment` is what was said."""

    kind = "ticket.commented"


class NoteAdded(Event):
    """An internal note; `details["mentioned"]` are ids of staff. Always internal."""

    kind = "ticket.noted"


class DiagnosisRecorded(Event):
    """Staff said, to all on the ticket, what the cause is: `comment`. It may come again; the first one counts."""

    kind = "ticket.diagnosed"


class TicketMoved(Event):
    """A step of the workflow.

    `details`: step, from, to (names for staff), to_customer, family, outcome; stage, and whether its status pauses
    (`pauses`) the deadlines, as it was then.
    """

    kind = "ticket.moved"


class InformationAsked(TicketMoved):
    kind = "ticket.information_asked"


class SolutionOffered(TicketMoved):
    kind = "ticket.solution_offered"


class SolutionRejected(TicketMoved):
    kind = "ticket.solution_rejected"


class TicketDone(TicketMoved):
    """`details["outcome"]` says how."""

    kind = "ticket.done"


class TicketCancelled(TicketMoved):
    kind = "ticket.cancelled"


class TicketReopened(TicketMoved):
    kind = "ticket.reopened"


class ClosingSoon(Event):
    """Silence will close it. It happens when the reminder is due.

    `details`: closes_at and told_at, ISO instants; the second is when it was said in truth, however late the job ran.
    """

    kind = "ticket.closing_soon"


class StillNeeded(Event):
    """The customer has nothing to say yet, but silence must not close it: it is counted from the beginning."""

    kind = "ticket.still_needed"


class TicketAssigned(Event):
    """`details`: assignee (name or blank), assignee_id, previous_id."""

    kind = "ticket.assigned"


class TeamChanged(Event):
    """`details`: from, to (names), reason. Internal."""

    kind = "ticket.team_changed"


class FieldsChanged(Event):
    """`details["changes"]`: a list of {field, from, to}, in words as they stood; `details["reason"]`."""

    kind = "ticket.fields_changed"


class ContactChanged(Event):
    """`details`: name, phone, email of the new contact."""

    kind = "ticket.contact_changed"


class ParticipantAdded(Event):
    """`details`: name, user_id, or address for somebody without an account."""

    kind = "ticket.participant_added"


class ParticipantRemoved(Event):
    kind = "ticket.participant_removed"


class CommentEdited(Event):
    kind = "ticket.comment_edited"


class CommentRedacted(Event):
    kind = "ticket.comment_redacted"


class FollowUpOpened(Event):
    """A new ticket continues this one: `details["number"]`."""

    kind = "ticket.follow_up_opened"


ON_ENTERING = {
    Stage.WAITING_ON_CUSTOMER: InformationAsked,
    Stage.AWAITING_VALIDATION: SolutionOffered,
    Stage.DONE: TicketDone,
    Stage.CANCELLED: TicketCancelled,
}
