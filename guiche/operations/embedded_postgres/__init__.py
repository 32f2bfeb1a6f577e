"""Start PostgreSQL from the programs of a wheel, for one installation, and stop it with its parent.

Come here for `running()` (a server for the time of a `with`) and `start()` (what the supervisor
uses). Why this is our own: docs/decisions/0001.
"""

from guiche.operations.embedded_postgres.errors import PostgresRefused
from guiche.operations.embedded_postgres.programs import find_programs
from guiche.operations.embedded_postgres.server import Server, running, start

__all__ = ["PostgresRefused", "Server", "find_programs", "running", "start"]
