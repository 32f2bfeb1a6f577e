"""The facts of a ticket: itself, what was said, what happened, who takes part."""

from guiche.tickets.models.activity import Activity, ReadMark
from guiche.tickets.models.answer import Answer
from guiche.tickets.models.comment import Attachment, Comment, CommentKind, CommentVersion
from guiche.tickets.models.participant import CopiedAddress, Following, Participant
from guiche.tickets.models.ticket import Channel, Outcome, Ticket, TicketText

__all__ = [
    "Activity",
    "Answer",
    "Attachment",
    "Channel",
    "Comment",
    "CommentKind",
    "CommentVersion",
    "CopiedAddress",
    "Following",
    "Outcome",
    "Participant",
    "ReadMark",
    "Ticket",
    "TicketText",
]
