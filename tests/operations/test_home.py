"""What a state folder is, for good, and who uses it."""

import json
import stat

import pytest

from guiche.operations.errors import OperationRefused
from guiche.operations.home import Home, Kind, here

ELISA = {"role": "Administradora", "email": "elisa@guiche.example", "password": "s3gr3do"}


@pytest.fixture
def new(tmp_path):
    return Home(tmp_path)


class TestKind:
    def test_is_chosen_once(self, new):
        assert new.kind is Kind.NEW

        new.become(Kind.REAL)

        assert new.kind is Kind.REAL
        new.become(Kind.REAL)

    @pytest.mark.parametrize(("first", "then"), [(Kind.REAL, Kind.DEMONSTRATION), (Kind.DEMONSTRATION, Kind.REAL)])
    def test_does_not_change(self, new, first, then):
        new.become(first)

        with pytest.raises(OperationRefused, match="GUICHE_HOME"):
            new.become(then)

        assert new.kind is first

    def test_turns_out_real_when_the_database_was_in_use(self, new):
        new.become(Kind.DEMONSTRATION)

        new.turn_out_real()

        assert new.kind is Kind.REAL


class TestAccounts:
    def test_are_kept_for_the_owner_alone(self, new):
        new.keep_accounts([ELISA])

        assert new.accounts() == [ELISA]
        assert stat.S_IMODE(new.demonstration.stat().st_mode) == 0o600
        assert json.loads(new.demonstration.read_text()) == [ELISA]

    def test_are_none_before_they_are_loaded(self, new):
        assert new.accounts() == []


class TestInUse:
    def test_is_by_one_at_a_time(self, new):
        with new.in_use("http://127.0.0.1:8000"):
            assert new.is_running()
            assert new.address() == "http://127.0.0.1:8000"

            with pytest.raises(OperationRefused, match=r"127\.0\.0\.1:8000"), new.in_use("other"):
                pass

        assert not new.is_running()
        assert new.address() == ""


class TestHere:
    def test_is_the_folder_of_the_environment_closed_to_others(self, tmp_path, monkeypatch):
        monkeypatch.setenv("GUICHE_HOME", str(tmp_path / "state" / "guiche"))

        home = here()

        assert home.folder == tmp_path / "state" / "guiche"
        assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700

    def test_says_when_it_cannot_be_used(self, tmp_path, monkeypatch):
        (tmp_path / "file").touch()
        monkeypatch.setenv("GUICHE_HOME", str(tmp_path / "file" / "var"))

        with pytest.raises(OperationRefused, match="GUICHE_HOME"):
            here()
