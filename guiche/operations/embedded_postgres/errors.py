"""Why PostgreSQL cannot be started, in a sentence for the operator."""


class PostgresRefused(Exception):
    """The embedded PostgreSQL cannot be used; the message says what to do."""
