"""What can happen to a promise: first what is of a ticket, then what is of a policy."""

from guiche.core.events import Event


class DeadlineWarned(Event):
    """Part of the time is used. `details`: clock, metric, percent, due_at. Internal."""

    kind = "ticket.deadline_warned"


class DeadlineBreached(Event):
    """The time ran out, at the instant of the event. `details`: clock, metric, due_at. Internal."""

    kind = "ticket.deadline_breached"


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
