"""A worker of its own process that writes a digest and stops before it commits: what a test kills."""

import sys
from datetime import datetime

import django

django.setup()

from django.db import transaction  # noqa: E402 - after setup()

from guiche.notifications import digests  # noqa: E402

if __name__ == "__main__":
    with transaction.atomic():
        made = digests.send(int(sys.argv[1]), at=datetime.fromisoformat(sys.argv[2]))
        print("written" if made else "nothing", flush=True)
        sys.stdin.read()
