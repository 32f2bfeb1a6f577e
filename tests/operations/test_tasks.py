"""Jobs of a worker that was killed run again, and a job that kills its worker does not run for ever."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from guiche.operations import tasks
from guiche.operations.embedded_postgres import running
from tests.operations.installation import environment
from tests.operations.persons import wait_until

# A worker with one more task: it sleeps the first time, and ends at once when it is run again.
WORKER = """
import pathlib, sys, time
import django
django.setup()
from procrastinate.contrib.django import app
from guiche.operations import tasks, worker

@app.task(name="nap")
def nap(*, mark):
    path = pathlib.Path(mark)
    again = path.exists()
    path.touch()
    time.sleep(0 if again else 60)

tasks.SILENT_SECONDS = 2.0
worker.HEARTBEAT_SECONDS = 0.5
sys.exit(worker.main())
"""
DEFER = "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('{queue}', '{task}', '{arguments}')"
RESCUE = "guiche.operations.tasks.rescue_stalled_jobs"


@pytest.mark.slow
class TestRescue:
    def test_runs_the_jobs_of_a_killed_worker_again(self, installed, tmp_path):
        mark = tmp_path / "began"
        with running(installed) as server, psycopg.connect(server.url, autocommit=True) as connection:
            self.defer(connection, "nap", mark=str(mark))
            first = self.worker(installed, server.url)
            wait_until(mark.exists, seconds=30)
            first.kill()
            first.wait()
            assert self.state_of_nap(connection) == ("doing", 0)

            second = self.worker(installed, server.url)
            connection.execute("SELECT pg_sleep(2.5)")  # until the first one is seen to be silent
            self.defer(connection, RESCUE, timestamp=0)

            wait_until(lambda: self.state_of_nap(connection) == ("succeeded", 2), seconds=30)
            second.terminate()
            assert second.wait(timeout=20) == 0

    def worker(self, home: Path, url: str) -> "subprocess.Popen[bytes]":
        surroundings = environment(home, DATABASE_URL=url, DJANGO_SETTINGS_MODULE="guiche.config.settings")
        return subprocess.Popen([sys.executable, "-c", WORKER], env=surroundings, cwd="/")

    def defer(self, connection: psycopg.Connection, task: str, **arguments: object) -> None:
        connection.execute(DEFER.format(queue="operations", task=task, arguments=json.dumps(arguments)))

    def state_of_nap(self, connection: psycopg.Connection) -> object:
        return connection.execute("SELECT status, attempts FROM procrastinate_jobs WHERE task_name = 'nap'").fetchone()


class TestSchedule:
    def test_looks_for_stalled_jobs_twice_a_minute(self):
        periodic = next(one for one in app.periodic_registry.periodic_tasks.values() if one.task.name == RESCUE)
        noon = datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()

        ticks = periodic.croniter
        ticks.set_current(noon)

        assert [ticks.get_next(float) - noon for _ in range(3)] == [30, 60, 90]

    def test_waits_for_several_heartbeats(self):
        from guiche.operations import worker

        assert tasks.SILENT_SECONDS >= 3 * worker.HEARTBEAT_SECONDS


@pytest.mark.parametrize(("attempts", "hopeless"), [(0, False), (3, False), (4, True), (9, True)])
def test_gives_up_a_job_that_ended_five_workers(attempts, hopeless):
    job = Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=attempts)

    assert tasks.is_hopeless(job) is hopeless
