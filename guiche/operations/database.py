"""Give a command its database: the outside server that DATABASE_URL names, or the embedded one."""

import contextlib
import os
from collections.abc import Iterator

from guiche.operations import embedded_postgres
from guiche.operations.home import Home


def is_outside() -> bool:
    """Say whether the operator has chosen a server of their own."""
    return bool(os.environ.get("DATABASE_URL", "").strip())


@contextlib.contextmanager
def available(home: Home) -> Iterator[embedded_postgres.Server | None]:
    """Have DATABASE_URL name a running server; give that server if it is the embedded one.

    Links then lead to where the installation is served now, unless GUICHE_ADDRESS says otherwise.
    """
    if address := home.address():
        os.environ.setdefault("GUICHE_ADDRESS", address)
    if is_outside():
        yield None
        return
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]  # meant for another server; the address says everything
    with embedded_postgres.running(home.folder) as server:
        os.environ["DATABASE_URL"] = server.url
        try:
            yield server
        finally:
            del os.environ["DATABASE_URL"]
