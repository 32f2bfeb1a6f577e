"""The `guiche` command line: one small function for each command."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from guiche.operations import database, supervisor, translations
from guiche.operations.errors import OperationRefused
from guiche.operations.home import Home, Kind, here
from guiche.operations.supervisor import say
from guiche.operations.words import gettext as _

Command = Callable[[Home, argparse.Namespace], int]


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code. A refusal is a sentence on the error output, and 1."""
    translations.compile_changed()
    asked = _parser().parse_args(arguments)
    command: Command = asked.command
    try:
        return command(here(), asked)
    except OperationRefused as refusal:
        print(refusal, file=sys.stderr)
        return 1


def run(home: Home, asked: argparse.Namespace) -> int:
    real = asked.real or os.environ.get("DEMO", "").strip() == "0"
    return supervisor.run(home, port=asked.port, real=real)


def web(home: Home, asked: argparse.Namespace) -> int:
    return supervisor.run_only(home, "web", port=asked.port)


def worker(home: Home, asked: argparse.Namespace) -> int:
    return supervisor.run_only(home, "worker", port="")


def migrate(home: Home, asked: argparse.Namespace) -> int:
    with database.available(home):
        supervisor.prepare(supervisor.environment())
    say(_("The database and the static files are up to date."))
    return 0


def demo(home: Home, asked: argparse.Namespace) -> int:
    home.become(Kind.DEMONSTRATION)
    with database.available(home):
        supervisor.prepare(supervisor.environment())
    supervisor.show_accounts(home)
    return 0


def setup(home: Home, asked: argparse.Namespace) -> int:
    home.become(Kind.REAL)
    with database.available(home):
        link = supervisor.prepare(supervisor.environment())["setup_link"]
    if not link:
        say(_("There is an administrator already: sign in, or ask for a new password on the sign-in page."))
        return 0
    say(_("Make the first administrator within one hour at:"))
    say(f"  {link}")
    return 0


def backup(home: Home, asked: argparse.Namespace) -> int:
    from guiche.operations.backup import writing

    with database.available(home):
        kept = writing.write(home, asked.file)
    say(_("Backup written to %(file)s (%(size)s MB).") % {"file": asked.file, "size": kept // 1_000_000 + 1})
    return 0


def restore(home: Home, asked: argparse.Namespace) -> int:
    from guiche.operations.backup import restoring

    with home.in_use(""), database.available(home):
        restoring.restore(home, asked.file, force=asked.force)
    say(_("Restored. Letters are held: look around, then release them with `guiche release-mail`."))
    return 0


def release_mail(home: Home, asked: argparse.Namespace) -> int:
    from guiche.operations.backup import restoring

    with database.available(home):
        restoring.release_mail()
    say(_("Letters leave again."))
    return 0


def doctor(home: Home, asked: argparse.Namespace) -> int:
    from guiche.operations.doctor import report

    return report(home, deadlines=asked.sla)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="guiche", description=_("Run a Guichê installation."))
    commands = parser.add_subparsers(required=True, metavar=_("command"))
    port = os.environ.get("PORT", "").strip()

    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(command=command)
        return added

    everything = add("run", run, _("start database, web and worker, and stop them together"))
    everything.add_argument("--port", default=port, help=_("port to listen on (PORT)"))
    everything.add_argument("--real", action="store_true", help=_("no demonstration (DEMO=0)"))
    add("web", web, _("start the web server only")).add_argument("--port", default=port)
    add("worker", worker, _("start the job worker only"))
    add("migrate", migrate, _("bring the database and the static files up to date"))
    add("demo", demo, _("load the demonstration and show its accounts"))
    add("setup", setup, _("print the link on which the first administrator is made"))
    add("backup", backup, _("write database and files into one file")).add_argument("file", type=Path)
    restoring = add("restore", restore, _("put a backup in the place of an empty installation"))
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--force", action="store_true", help=_("even where the installation is in use"))
    add("release-mail", release_mail, _("let letters leave again after a restore"))
    examining = add("doctor", doctor, _("say what is wrong and what to do"))
    examining.add_argument("--sla", action="store_true", help=_("reckon every deadline again and compare"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
