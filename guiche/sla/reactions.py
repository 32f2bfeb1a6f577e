"""What happens to the clocks of a ticket when something happens to it."""

from guiche.sla.actions import keeping, retargeting
from guiche.sla.metrics import Metric
from guiche.tickets.events import CommentAdded, DiagnosisRecorded, FieldsChanged, TeamChanged, TicketMoved, TicketOpened
from guiche.workflows.stages import Stage


def start_clocks(event: TicketOpened) -> None:
    keeping.start(event.subject, at=event.at)


def note_words(event: CommentAdded) -> None:
    """Staff answer, or the customer speaks and silence begins again."""
    if _answers(event):
        keeping.follow(event.subject, by=event.by, at=event.at, settles=_settled(event))
    elif not event.by.works_here:
        keeping.count_silence(event.subject)


def note_diagnosis(event: DiagnosisRecorded) -> None:
    keeping.follow(event.subject, by=event.by, at=event.at, settles={Metric.DIAGNOSIS, Metric.FIRST_RESPONSE})


def follow_status(event: TicketMoved) -> None:
    keeping.enter(event.subject, by=event.by, at=event.at, settles=_settled(event))


def follow_team(event: TeamChanged) -> None:
    keeping.change_team(event.subject, by=event.by, at=event.at)


def follow_fields(event: FieldsChanged) -> None:
    """Another severity keeps the agreement; another customer, contract, product or type may have another one."""
    changed = {change["field"] for change in event.details["changes"]}
    retargeting.retarget(event.subject, by=event.by, at=event.at, chooses_anew=bool(changed - {"severity", "title"}))


def _settled(event: CommentAdded | TicketMoved) -> set[Metric]:
    found = {Metric.FIRST_RESPONSE} if _answers(event) else set()
    if event.subject.status.stage == Stage.AWAITING_VALIDATION:
        found.add(Metric.DIAGNOSIS)
    return found


def _answers(event: CommentAdded | TicketMoved) -> bool:
    """Whether a person of staff said something that the customer reads."""
    return (
        event.comment is not None and event.by.works_here and not event.by.is_system and not event.comment.is_internal
    )
