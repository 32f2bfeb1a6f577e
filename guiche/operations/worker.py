"""Run the jobs: `python -m guiche.operations.worker`."""

import logging
import sys

import django

CONCURRENCY = 4
HEARTBEAT_SECONDS = 5.0
GRACE_SECONDS = 8.0  # less than the supervisor waits


def main() -> int:
    """Work until told to stop; running jobs have GRACE_SECONDS to end, the rest are rescued later."""
    django.setup()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    assert isinstance(app.connector, DjangoConnector)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        working.run_worker(
            concurrency=CONCURRENCY,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            shutdown_graceful_timeout=GRACE_SECONDS,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
