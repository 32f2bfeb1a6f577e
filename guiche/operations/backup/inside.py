"""Steps of a restore that need Django, on the database that DATABASE_URL names: adopt it, or release its letters."""

import sys

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from guiche.operations.errors import OperationRefused
from guiche.operations.words import gettext as _

NUMBERS_LEFT_OUT = 10_000  # more tickets than anybody opens between two backups


def adopt() -> None:
    """Bring a restored database up to this release, hold its letters, end every session, and leave numbers out.

    Sessions that were ended since the backup would live again otherwise, and numbers that were given to tickets since
    then, and stand in letters, would name others.
    """
    from guiche.accounts.models import Session
    from guiche.installation.models import Installation

    loader = MigrationLoader(connection, ignore_no_migrations=True)
    known_apps = {app for app, _name in loader.disk_migrations}
    ahead = [key for key in loader.applied_migrations if key not in loader.disk_migrations and key[0] in known_apps]
    if ahead and not _replaced(loader, ahead):
        raise OperationRefused(_("This backup is of a newer release than this one. Install that release first."))
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    Installation.objects.update_or_create(pk=1, defaults={"mail_held": True})
    Session.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('ticket_number', nextval('ticket_number') + %s)", [NUMBERS_LEFT_OUT])


def release() -> None:
    """Let letters leave again."""
    from guiche.installation.models import Installation

    Installation.objects.filter(pk=1).update(mail_held=False)


def _replaced(loader: MigrationLoader, applied: list[tuple[str, str]]) -> bool:
    """Say whether squashed migrations of ours stand for all of `applied`."""
    return set(applied) <= {old for migration in loader.disk_migrations.values() for old in migration.replaces}


if __name__ == "__main__":
    django.setup()
    try:
        {"adopt": adopt, "release": release}[sys.argv[1]]()
    except OperationRefused as refusal:
        sys.exit(str(refusal))
