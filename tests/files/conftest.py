"""A files folder of its own for each test, and things to put in it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from tests.files import samples


@pytest.fixture(autouse=True)
def files_root(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    settings.CLAMD = ""
    return tmp_path / "files"


@pytest.fixture
def make_person(db: None) -> Callable[[str], Any]:
    """Return a maker of people; what they may do is no business of files."""
    model = get_user_model()

    def make(name: str) -> Any:
        return model.objects.create(**{model.USERNAME_FIELD: f"{name}@hospital.example"})

    return make


@pytest.fixture
def ana(make_person: Callable[[str], Any]) -> Any:
    return make_person("ana")


@pytest.fixture
def bruno(make_person: Callable[[str], Any]) -> Any:
    return make_person("bruno")


@pytest.fixture
def photo() -> bytes:
    return samples.photo_with_place()
