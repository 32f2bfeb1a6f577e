"""What is wrong is found, said, and told by the exit code."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guiche.files import actions as files
from guiche.files import storing
from guiche.operations.doctor import kept, machine
from guiche.operations.doctor.findings import Level
from guiche.operations.embedded_postgres import running
from guiche.operations.home import Home
from tests.factories.accounts import make_user
from tests.factories.tickets import NOON
from tests.operations.installation import Serving, guiche


def levels(home: Path) -> dict[str, Level]:
    return {finding.text: finding.level for finding in machine.examine(Home(home))}


class TestMachine:
    def test_finds_secrets_that_others_can_read(self, home):
        home.mkdir(0o700)
        (home / "secret.key").touch(mode=0o644)
        os.chmod(home / "secret.key", 0o644)

        assert Level.WRONG in levels(home).values()

    def test_finds_an_interrupted_restore(self, home):
        home.mkdir(0o700)
        (home / "restore.unfinished").touch()

        assert Level.WRONG in levels(home).values()

    def test_finds_a_disk_that_is_nearly_full(self, home, monkeypatch):
        home.mkdir(0o700)
        monkeypatch.setattr(machine, "HARDLY_ANY_BYTES", 2**62)

        assert Level.WRONG in levels(home).values()

    def test_finds_a_database_folder_that_is_gone(self, home):
        home.mkdir(0o700)
        (home / "postgres.place").write_text("/nowhere/at/all")

        assert Level.WRONG in levels(home).values()

    def test_is_content_with_a_new_home(self, home):
        home.mkdir(0o700)

        assert Level.WRONG not in levels(home).values()


@pytest.mark.django_db
class TestKept:
    @pytest.fixture
    def stored(self, settings, tmp_path):
        settings.FILES_ROOT = tmp_path / "files"
        return files.keep(SimpleUploadedFile("nota.txt", b"palavras"), by=make_user(), at=NOON)

    def test_is_content_with_what_is_whole(self, stored):
        assert [finding.level for finding in kept.examine()] == [Level.WELL]

    def test_finds_a_file_without_its_contents(self, stored):
        storing.forget(stored.checksum)

        [found] = kept.examine()

        assert (found.level, found.text) == (Level.WRONG, "Arquivos cujo conteúdo sumiu ou não está inteiro: 1.")


@pytest.mark.slow
class TestReport:
    def test_misses_an_administrator_and_nothing_else(self, installed):
        done = guiche(installed, "doctor")

        assert done.returncode == 1
        assert done.stdout.count("!!!!") == 1
        assert "guiche setup" in done.stdout

    def test_hears_the_worker_of_a_running_installation(self, installed):
        serving = Serving(installed).start()

        done = guiche(installed, "doctor")

        serving.stop()
        assert done.stdout.count("!!!!") == 1
        assert f":{serving.port}" in done.stdout

    def test_misses_migrations(self, folder):
        done = guiche(folder / "var", "doctor")

        assert done.returncode == 1
        assert "guiche migrate" in done.stdout

    def test_says_that_a_server_does_not_answer(self, folder):
        done = guiche(folder / "var", "doctor", DATABASE_URL="postgresql://guiche@127.0.0.1:9/guiche")

        assert done.returncode == 1
        assert "Traceback" not in done.stderr

    def test_says_what_is_wrong_with_the_settings(self, folder):
        done = guiche(folder / "var", "doctor", GUICHE_ADDRESS="http://chamados.example")

        assert done.returncode == 1
        assert "https://" in done.stdout
        assert "Traceback" not in done.stderr

    def test_says_that_the_mail_server_does_not_answer(self, installed):
        done = guiche(installed, "doctor", GUICHE_SMTP="smtp://127.0.0.1:9")

        assert "GUICHE_SMTP" in done.stdout
        assert done.stdout.count("!!!!") == 2


@pytest.mark.slow
class TestLocale:
    @pytest.fixture
    def blind(self, folder) -> Iterator[str]:
        """A database that does not know accents: LC_CTYPE C of the C library."""
        with running(folder / "server", durable=False) as server:
            with psycopg.connect(server.url, autocommit=True) as connection:
                locale = "LOCALE_PROVIDER libc LC_CTYPE 'C' LC_COLLATE 'C'"
                connection.execute(f"CREATE DATABASE blind TEMPLATE template0 ENCODING 'UTF8' {locale}")
            yield urlsplit(server.url)._replace(path="/blind").geturl()

    def test_that_does_not_know_accents_is_found(self, folder, blind):
        done = guiche(folder / "var", "doctor", DATABASE_URL=blind)

        assert done.returncode == 1
        assert "LC_CTYPE" in done.stdout

    def test_that_does_not_know_accents_is_refused_at_the_start(self, folder, blind):
        done = guiche(folder / "var", "migrate", DATABASE_URL=blind)

        assert done.returncode == 1
        assert "LC_CTYPE" in done.stderr
        assert "Traceback" not in done.stderr
