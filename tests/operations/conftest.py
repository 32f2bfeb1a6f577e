"""Homes to start servers in."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

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
