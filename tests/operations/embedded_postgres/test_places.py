"""Where the database lies when root starts it, and that nothing is opened for it."""

import grp
import os
import shutil
import stat
from pathlib import Path

import psycopg
import pytest

from guiche.operations.embedded_postgres import PostgresRefused, find_programs, places, running
from tests.operations.conftest import as_root

pytestmark = [as_root, pytest.mark.slow]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def elsewhere(folder, monkeypatch):
    monkeypatch.setattr(places, "ELSEWHERE", folder / "lib")
    return folder / "lib"


@pytest.fixture
def closed(folder):
    """A folder above the state folder, as root's home is: nobody else may pass."""
    path = folder / "root"
    path.mkdir(0o700)
    return path


class TestUnderAnOpenFolder:
    def test_the_database_lies_in_the_state_folder(self, home, elsewhere):
        with running(home, durable=False) as postgres:
            assert postgres.place.folder == home / "postgres"

        assert not elsewhere.exists()

    def test_the_account_may_pass_the_state_folder_and_nobody_may_read_it(self, home):
        with running(home, durable=False) as postgres:
            group = postgres.place.account.gid

        assert mode(home) == 0o710
        assert home.stat().st_gid == group
        assert grp.getgrgid(group).gr_mem == []

    def test_a_state_folder_that_others_may_enter_is_left_as_it_is(self, home):
        home.mkdir(0o755)
        home.chmod(0o755)

        with running(home, durable=False):
            pass

        assert mode(home) == 0o755
        assert home.stat().st_gid == 0


class TestUnderAClosedFolder:
    def test_the_database_lies_elsewhere_and_nothing_is_opened(self, closed, elsewhere):
        with running(closed / "clone/var", durable=False) as postgres:
            assert postgres.place.folder.parent == elsewhere

        assert mode(closed) == 0o700
        assert mode(postgres.place.data) == 0o700
        assert mode(postgres.place.folder) == 0o710

    def test_the_next_start_finds_it_again(self, closed, elsewhere):
        for expected in (None, ("kept",)):
            with (
                running(closed / "var", durable=False) as postgres,
                psycopg.connect(postgres.url, autocommit=True) as connection,
            ):
                assert connection.execute("SELECT to_regclass('kept')::text").fetchone() == (expected or (None,))
                connection.execute("CREATE TABLE IF NOT EXISTS kept ()")

    def test_it_follows_a_state_folder_that_is_moved(self, closed, elsewhere):
        with running(closed / "var", durable=False) as first:
            pass
        (closed / "var").rename(closed / "moved")

        with running(closed / "moved", durable=False) as second:
            assert second.place.folder == first.place.folder

    def test_it_is_not_shared_with_a_copy(self, closed, elsewhere):
        with running(closed / "var", durable=False):
            pass
        shutil.copytree(closed / "var", closed / "copy")

        with pytest.raises(PostgresRefused, match="restore"), running(closed / "copy", durable=False):
            pass

    def test_programs_that_the_account_cannot_reach_are_copied(self, closed, home):
        venv = closed / "site-packages"
        source = find_programs().parents[2]
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(source / name, venv / name, ignore=shutil.ignore_patterns("include", "__pycache__"))
        os.chmod(venv, 0o700)

        with running(home, bin_folder=venv / "embedded_postgres/pginstall/bin", durable=False) as postgres:
            assert postgres.programs.is_relative_to(home / "postgres/programs")

        assert mode(venv) == 0o700
        assert mode(closed) == 0o700


def test_somebodys_home_is_never_opened(folder, monkeypatch):
    entry = places.pwd.getpwnam("root")
    at_home = type("Entry", (), {"pw_dir": str(folder)})
    monkeypatch.setattr(places.pwd, "getpwall", lambda: [entry, at_home])
    folder.chmod(0o700)

    places._let_pass(folder, places.Account(65534, 65534))

    assert mode(folder) == 0o700
    folder.chmod(0o755)
