"""What can happen to contracts."""

from guiche.core.events import Event


class ContractCreated(Event):
    """`details`: organization (id) and what it says, as `ContractChanged` names it."""

    kind = "contract.created"


class ContractChanged(Event):
    """`details`: number, and of each of the fields that changed what it was and is: {field: [from, to]}."""

    kind = "contract.changed"


class ContractEnded(Event):
    kind = "contract.ended"


class ContractReopened(Event):
    kind = "contract.reopened"
