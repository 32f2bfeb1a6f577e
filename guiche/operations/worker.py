"""Run the jobs: `python -m guiche.operations.worker`."""

import asyncio
import contextlib
import logging
import signal
import sys
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from procrastinate import App

CONCURRENCY = 4
HEARTBEAT_SECONDS = 5.0
GRACE_SECONDS = 7.0  # less than the supervisor waits
LAST_SECONDS = 9


def main() -> int:
    """Work until told to stop; running jobs have GRACE_SECONDS to end, the rest are rescued later."""
    django.setup()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    assert isinstance(app.connector, DjangoConnector)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        asyncio.run(work(working))
    return 0


async def work(app: "App") -> None:
    """Run the worker of `app` until SIGTERM or SIGINT."""
    async with app.open_async():
        working = asyncio.ensure_future(
            app.run_worker_async(
                concurrency=CONCURRENCY,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                shutdown_graceful_timeout=GRACE_SECONDS,
                install_signal_handlers=False,
            )
        )

        def stop() -> None:
            # When everything is being stopped the database may be gone first, and its pool waits half a
            # minute for a connection: the alarm ends us before.
            signal.alarm(LAST_SECONDS)
            working.cancel()

        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop)
        with contextlib.suppress(asyncio.CancelledError):
            await working


if __name__ == "__main__":
    sys.exit(main())
