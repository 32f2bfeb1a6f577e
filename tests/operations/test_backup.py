"""A backup is whole or is none; a restore gives back what was there and sends nothing."""

import os
import stat
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import psycopg
import pytest

from guiche.operations.embedded_postgres import running
from tests.operations.installation import Serving, environment, guiche

pytestmark = pytest.mark.slow

CHECKSUM = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
INSIDE = f"files/9f/86/{CHECKSUM}"


def do(home: Path, *orders: str) -> None:
    """Have Django do `orders` on the database of `home`."""
    code = "\n".join(["import django", "django.setup()", *orders])
    with running(home) as server:
        surroundings = environment(home, DATABASE_URL=server.url, DJANGO_SETTINGS_MODULE="guiche.config.settings")
        subprocess.run([sys.executable, "-c", code], env=surroundings, cwd="/", check=True)


def person(email: str) -> str:
    """Return the order that makes a person with this address."""
    return f"from guiche.accounts.models import User; User.objects.create(name='Érica Exemplo', email='{email}')"


SESSION = (
    "from django.utils.timezone import now; from guiche.accounts.models import Session; "
    "Session.objects.create(session_key='k', session_data='', expire_date=now(), started_at=now(), seen_at=now())"
)


def ask(home: Path, question: str) -> object:
    with running(home) as server, psycopg.connect(server.url, autocommit=True) as connection:
        answer = connection.execute(question)
        return answer.fetchone()[0] if answer.description else None


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory, installed) -> Path:
    """A backup of an installation with a person, a letter to be sent, a session and a file."""
    file = installed / INSIDE
    file.parent.mkdir(parents=True)
    file.write_text("test")
    (installed / "files/incoming").mkdir()
    (installed / "files/incoming/half").write_text("still arriving")
    do(installed, person("erica@cliente.example"), SESSION)
    target = tmp_path_factory.mktemp("backups") / "one.guiche"
    done = guiche(installed, "backup", target)
    assert done.returncode == 0, done.stderr
    return target


class TestBackup:
    def test_is_for_its_owner_alone_and_leaves_nothing_else(self, lived_in):
        assert stat.S_IMODE(lived_in.stat().st_mode) == 0o600
        assert [path.name for path in lived_in.parent.iterdir()] == ["one.guiche"]

    def test_holds_no_upload_that_is_still_arriving(self, lived_in):
        with tarfile.open(lived_in) as tar:
            assert tar.getnames() == ["database.dump", "secret.key", INSIDE, "manifest.json"]

    def test_does_not_write_over_another(self, installed, lived_in):
        before = lived_in.read_bytes()

        done = guiche(installed, "backup", lived_in)

        assert done.returncode == 1
        assert lived_in.read_bytes() == before

    def test_says_when_it_cannot_be_written(self, installed, tmp_path):
        done = guiche(installed, "backup", tmp_path / "missing" / "one.guiche")

        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert list(tmp_path.iterdir()) == []

    def test_can_be_taken_while_it_serves(self, installed, tmp_path):
        serving = Serving(installed).start()

        done = guiche(installed, "backup", tmp_path / "live.guiche")

        serving.stop()
        assert done.returncode == 0, done.stderr


class TestRestore:
    @pytest.fixture
    def restored(self, home, lived_in) -> Iterator[Path]:
        done = guiche(home, "restore", lived_in)
        assert done.returncode == 0, done.stderr
        return home

    def test_gives_back_people_files_and_key(self, installed, restored):
        assert ask(restored, "SELECT name FROM accounts_user WHERE email = 'erica@cliente.example'") == "Érica Exemplo"
        assert (restored / INSIDE).read_text() == "test"
        assert (restored / "secret.key").read_text() == (installed / "secret.key").read_text()
        assert (restored / "real").exists()

    def test_holds_the_letters_until_they_are_released(self, restored):
        assert ask(restored, "SELECT mail_held FROM installation_installation") is True

        assert guiche(restored, "release-mail").returncode == 0

        assert ask(restored, "SELECT mail_held FROM installation_installation") is False

    def test_signs_everybody_out(self, restored):
        assert ask(restored, "SELECT count(*) FROM accounts_session") == 0

    def test_case_215_leaves_out_the_numbers_given_since_the_backup(self, restored):
        assert ask(restored, "SELECT last_value FROM ticket_number") > 10_000

    def test_leaves_one_database(self, restored):
        assert ask(restored, "SELECT count(*) FROM pg_database WHERE datname LIKE 'guiche%'") == 1

    def test_does_not_replace_an_installation_in_use(self, restored, lived_in):
        do(restored, person("later@cliente.example"))

        done = guiche(restored, "restore", lived_in)

        assert done.returncode == 1
        assert "--force" in done.stderr
        assert ask(restored, "SELECT count(*) FROM accounts_user WHERE email LIKE 'later%'") == 1

    def test_replaces_it_when_forced(self, restored, lived_in):
        do(restored, person("later@cliente.example"))

        assert guiche(restored, "restore", lived_in, "--force").returncode == 0

        assert ask(restored, "SELECT count(*) FROM accounts_user WHERE email LIKE 'later%'") == 0

    def test_waits_for_who_serves_to_be_stopped(self, installed, lived_in):
        serving = Serving(installed).start()

        done = guiche(installed, "restore", lived_in, "--force")

        serving.stop()
        assert done.returncode == 1
        assert str(serving.process.pid) in done.stderr

    def test_does_not_turn_a_demonstration_into_the_real_thing(self, home, lived_in):
        home.mkdir(0o700)
        (home / "demonstration.json").write_text("[]")

        done = guiche(home, "restore", lived_in, "--force")

        assert done.returncode == 1
        assert "GUICHE_HOME" in done.stderr

    def test_that_was_interrupted_keeps_it_from_starting(self, home, lived_in):
        home.mkdir(0o700)
        (home / "restore.unfinished").touch()

        assert "restore FILE --force" in guiche(home, "run").stderr
        assert guiche(home, "restore", lived_in, "--force").returncode == 0
        assert not (home / "restore.unfinished").exists()


class TestDamage:
    """Whatever is wrong with the file, nothing is changed and a sentence says so."""

    @pytest.fixture
    def copy(self, lived_in, tmp_path) -> Path:
        path = tmp_path / "copy.guiche"
        path.write_bytes(lived_in.read_bytes())
        return path

    @pytest.fixture
    def refused(self, home, copy) -> Iterator[None]:
        yield
        done = guiche(home, "restore", copy)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert str(copy) in done.stderr
        assert not (home / "restore.unfinished").exists()
        assert not (home / "files").exists()

    def test_one_byte_changed(self, copy, refused):
        content = bytearray(copy.read_bytes())
        content[20_000] ^= 1
        copy.write_bytes(content)

    def test_the_end_missing(self, copy, refused):
        os.truncate(copy, copy.stat().st_size - 20_000)

    def test_cut_between_two_members(self, copy, refused):
        with tarfile.open(copy) as tar:
            end = next(entry.offset for entry in tar if entry.name == "manifest.json")
        os.truncate(copy, end)

    def test_another_kind_of_file(self, copy, refused):
        copy.write_bytes(b"PK\x03\x04 a letter")

    @pytest.mark.parametrize("name", ["../escape", "/etc/escape", "files/../../escape", "files/..", "other"])
    def test_a_member_that_leads_elsewhere(self, copy, refused, name):
        with tarfile.open(copy, "a") as tar:
            entry = tarfile.TarInfo(name)
            entry.size = 1
            tar.addfile(entry, BytesIO(b"x"))

    def test_a_link_in_the_place_of_a_file(self, copy, refused):
        with tarfile.open(copy, "a") as tar:
            entry = tarfile.TarInfo("files/link")
            entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(entry)
