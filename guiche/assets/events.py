"""What can happen to contracts."""

from guiche.core.events import Event


class ContractCreated(Event):
    """`details`: organization (id), number, valid_from, valid_until, products (names), note."""

    kind = "contract.created"


class ContractChanged(Event):
    """`details`: number; of what changed, how it was (before) and how it is (after), named as when it was created."""

    kind = "contract.changed"


class ContractEnded(Event):
    kind = "contract.ended"


class ContractReopened(Event):
    kind = "contract.reopened"
