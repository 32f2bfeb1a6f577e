"""Why PostgreSQL cannot be started, in a sentence for the operator."""

from guiche.operations.errors import OperationRefused


class PostgresRefused(OperationRefused):
    """The embedded PostgreSQL cannot be used; the message says what to do."""
