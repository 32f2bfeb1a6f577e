"""One command starts everything and leaves nothing behind."""

import os
import signal
import socket
import time
from collections.abc import Iterator

import psutil
import pytest

from tests.operations.installation import Serving, all_gone, guiche
from tests.operations.persons import wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="class")
def serving(installed) -> Iterator[Serving]:
    one = Serving(installed).start()
    family = one.family()
    yield one
    one.stop()
    wait_until(lambda: all_gone(family), seconds=20)


class TestRun:
    def test_serves_pages_from_one_command_within_five_seconds(self, installed):
        Serving(installed).start().stop()  # so that everything is prepared

        began = time.monotonic()
        second = Serving(installed).start()
        took = time.monotonic() - began

        assert second.answers()
        assert took < 5 + os.getloadavg()[0]  # a machine that others keep busy takes longer
        second.stop()

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
    def test_stops_all_it_started(self, installed, number):
        one = Serving(installed).start()
        family = one.family()
        assert len(family) >= 5  # server, its helpers, two web workers and their parent, job worker

        one.process.send_signal(number)

        assert one.process.wait(timeout=30) == 0
        assert all_gone(family)

    def test_leaves_nothing_when_it_is_killed(self, installed):
        one = Serving(installed).start()
        family = one.family()

        one.process.kill()
        one.process.wait()

        wait_until(lambda: all_gone(family), seconds=30)

    def test_starts_again_after_it_was_killed(self, installed):
        one = Serving(installed).start()
        one.process.kill()
        one.process.wait()

        second = Serving(installed).start()

        assert second.answers()
        assert second.stop() == 0


class TestWhileItRuns:
    def test_says_where_it_is_and_how_to_become_its_administrator(self, serving):
        assert f"http://127.0.0.1:{serving.port}/" in serving.said()
        assert f"http://127.0.0.1:{serving.port}/configurar/" in serving.said()

    def test_is_not_run_twice_on_one_home(self, serving):
        twice = guiche(serving.home, "run")

        assert twice.returncode == 1
        assert str(serving.home) in twice.stderr
        assert str(serving.process.pid) in twice.stderr

    @pytest.mark.parametrize("word", ["granian", "guiche.operations.worker"])
    def test_that_die_are_started_again_with_nothing_left_of_them(self, serving, word):
        first = serving.child(word)
        family = [first, *first.children(recursive=True)]

        first.kill()

        wait_until(lambda: (again := serving.child(word)) and again.pid != first.pid, seconds=20)
        wait_until(lambda: all_gone(family))
        wait_until(serving.answers, seconds=20)

    def test_of_the_web_server_are_replaced_when_they_die(self, serving):
        before = set(serving.child("granian").children())

        for worker in before:
            if any("granian" in part for part in worker.cmdline()):
                worker.kill()

        wait_until(lambda: serving.answers() and not before & set(_living(serving)), seconds=20)

    def test_the_database_is_started_again_at_the_same_address(self, serving):
        first = serving.child("bin/postgres")

        first.kill()

        again = wait_until(
            lambda: (found := serving.child("bin/postgres")) and found.pid != first.pid and found, seconds=30
        )
        wait_until(serving.answers, seconds=20)
        assert again.cmdline() == first.cmdline() if first.is_running() else True


def _living(serving: Serving) -> list[psutil.Process]:
    return [one for one in serving.child("granian").children() if one.status() != psutil.STATUS_ZOMBIE]


class TestPort:
    @pytest.fixture
    def taken(self) -> Iterator[int]:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            yield other.getsockname()[1]

    def test_that_is_taken_is_said_with_one_that_is_free(self, installed, taken):
        done = guiche(installed, "run", PORT=str(taken))

        assert done.returncode == 1
        assert f"{taken}" in done.stderr
        assert "make run PORT=" in done.stderr
        assert "Traceback" not in done.stderr

    def test_that_is_no_port_is_said(self, installed):
        assert "70000" in guiche(installed, "run", PORT="70000").stderr


class TestDemonstration:
    def test_listens_on_this_machine_only(self, folder):
        done = guiche(folder / "var", "run", GUICHE_LISTEN="0.0.0.0")

        assert done.returncode == 1
        assert "GUICHE_LISTEN" in done.stderr

    def test_does_not_become_the_real_thing(self, folder):
        (folder / "demonstration.json").write_text("[]")

        for command, more in ((["setup"], {}), (["run"], {"DEMO": "0"})):
            done = guiche(folder, *command, **more)

            assert done.returncode == 1
            assert "GUICHE_HOME" in done.stderr

    def test_is_not_loaded_into_a_real_installation(self, installed):
        done = guiche(installed, "demo")

        assert done.returncode == 1
        assert not (installed / "demonstration.json").exists()
