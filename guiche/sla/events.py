"""What can happen to a promise: first what is of a ticket, then what is of a policy, then of an escalation."""

from guiche.core.events import Event


class DeadlineWarned(Event):
    """A share of the time was used, at the instant of the event. Internal.

    `details`: clock, metric, percent; due_at, left_seconds of business time until then, and the zone of its calendar;
    told: who is to hear of it (`escalations.audience`), empty where a later mark says more; left_when_told: what was
    left when the job came, where it came late.
    """

    kind = "ticket.deadline_warned"


class DeadlineBreached(Event):
    """The time ran out, at the instant of the event. `details`: clock, metric, target_seconds, zone, told. Internal."""

    kind = "ticket.deadline_breached"


class RemedyRefused(Event):
    """What an escalation was to do could not be. `details`: clock, metric, percent, remedy, why, told. Internal."""

    kind = "ticket.remedy_refused"


class PolicyCreated(Event):
    """Of a policy, like all that follow. `details`: name, and copy_of: the name of the one it begins from."""

    kind = "policy.created"


class PolicyRenamed(Event):
    """`details`: old and new: each the name and the note."""

    kind = "policy.renamed"


class PolicyArchived(Event):
    """`details`: name."""

    kind = "policy.archived"


class PolicyRestored(Event):
    """`details`: name."""

    kind = "policy.restored"


class PolicyDrafted(Event):
    """`details`: name, version; what changed in the draft, as it was (before) and as it is (after), in words."""

    kind = "policy.drafted"


class PolicyDiscarded(Event):
    """`details`: name, version."""

    kind = "policy.discarded"


class PolicyPublished(Event):
    """`details`: name, version, effective_from, changes: its note; before and after, against the version before it."""

    kind = "policy.published"


class PolicyWithdrawn(Event):
    """A version that had not begun never will. `details`: name, version, effective_from."""

    kind = "policy.withdrawn"


class RetargetingAsked(Event):
    """Of a `Retargeting`: many tickets are to get another promise."""

    kind = "deadlines.retargeting_asked"


class EscalationCreated(Event):
    """Of an escalation, like all that follow. `details`: name, what it says in words; marks, before and after."""

    kind = "escalation.created"


class EscalationChanged(Event):
    """`details`: name; of what changed, how it was (before) and how it is (after); marks."""

    kind = "escalation.changed"


class EscalationSwitchedOff(Event):
    """`details`: name, marks."""

    kind = "escalation.switched_off"


class EscalationSwitchedOn(Event):
    """`details`: name, marks."""

    kind = "escalation.switched_on"
