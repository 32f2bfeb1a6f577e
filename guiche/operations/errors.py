"""What the operator is told when a command cannot be done."""


class OperationRefused(Exception):
    """The command was not done; the message says why and what to do."""
