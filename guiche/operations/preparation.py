"""Bring an installation up to date with its code, in a process of its own: `python -m guiche.operations.preparation`.

Says on its last line, as JSON, what the starter must show.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from guiche.operations.doctor import server
from guiche.operations.home import Home, Kind

# Two starters on one outside server take turns: an advisory lock with this number.
TURN = 7_105_118


def main() -> int:
    """Prepare the installation and print what was found."""
    django.setup()
    home = Home(Path(settings.HOME))
    if reasons := server.unfit():
        print(*reasons, sep="\n", file=sys.stderr)
        return 1
    with _taking_turns():
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        collect_static()
        if home.kind is Kind.DEMONSTRATION:
            load_demonstration(home)
    link = setup_link() if home.kind is Kind.REAL else None
    print(json.dumps({"kind": home.kind.value, "setup_link": link}))
    return 0


def collect_static() -> None:
    """Gather the static files when one of them, or a library, has changed since the last time."""
    root = Path(settings.STATIC_ROOT)
    mark, now = root / ".collected", _static_fingerprint()
    if mark.exists() and mark.read_text() == now:
        return
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False, skip_checks=True)
    mark.write_text(now)


def load_demonstration(home: Home) -> None:
    """Load the demonstration into an empty database, all or nothing; leave a database in use alone."""
    if _is_in_use():
        if not home.accounts():
            home.turn_out_real()
        return
    from guiche.operations import demo

    with transaction.atomic():
        home.keep_accounts(list(demo.load()))


def setup_link() -> str | None:
    """Return the address on which the first administrator is made; None once there is one."""
    from guiche.accounts import first_access

    return first_access.setup_link(timezone.now())


def _is_in_use() -> bool:
    from guiche.accounts.models import User
    from guiche.accounts.roles import Role

    return User.objects.exclude(roles__contains=[Role.SYSTEM]).exists()


@contextmanager
def _taking_turns() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [TURN])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [TURN])


def _static_fingerprint() -> str:
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in finders.get_finders():
        for path, storage in finder.list(None):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    for source in sorted((Path(settings.BASE_DIR) / "guiche" / "web").glob("*.py")):
        digest.update(source.read_bytes())  # the order of style sheets and scripts is written in code
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
