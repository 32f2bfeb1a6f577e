"""Run a command with DATABASE_URL set to a server of its own: `python -m … [--bin FOLDER] HOME -- command`."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from guiche.operations.embedded_postgres import PostgresRefused, running


def main() -> int:
    """Return the command's exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=Path)
    parser.add_argument("--careless", action="store_true", help="no fsync: for tests")
    parser.add_argument("home", type=Path)
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    try:
        with running(asked.home, bin_folder=asked.bin, durable=not asked.careless) as server:
            return subprocess.run(asked.command, env={**os.environ, "DATABASE_URL": server.url}).returncode
    except PostgresRefused as refusal:
        print(refusal, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
