"""A person, and a files folder of its own for each test."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model


@pytest.fixture(autouse=True)
def files_root(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    settings.CLAMD = ""


@pytest.fixture
def ana(db: None) -> Any:
    model = get_user_model()
    return model.objects.create(**{model.USERNAME_FIELD: "ana@hospital.example"})


@pytest.fixture
def bruno(db: None) -> Any:
    model = get_user_model()
    return model.objects.create(**{model.USERNAME_FIELD: "bruno@hospital.example"})
