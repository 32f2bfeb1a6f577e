"""Homes to start servers in."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations.installation import guiche

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become others")


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder directly under /tmp that everybody may pass, as pytest's own ones may not be."""
    path = Path(tempfile.mkdtemp(prefix="guiche-ops-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def home(folder: Path) -> Path:
    return folder / "var"


@pytest.fixture(scope="session")
def installed() -> Iterator[Path]:
    """A home that was set up for real use once: its people and letters are none, its database is migrated."""
    path = Path(tempfile.mkdtemp(prefix="guiche-ops-", dir="/tmp"))
    done = guiche(path, "setup")
    assert done.returncode == 0, done.stderr
    yield path
    shutil.rmtree(path)
