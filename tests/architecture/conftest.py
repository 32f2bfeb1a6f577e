"""One walk through the whole site, which several tests look at."""

import logging
from typing import Any

import pytest

from guiche.installation import models as installation
from tests.architecture import walk as walking
from tests.architecture.walk import Walk
from tests.architecture.world import passing_world


@pytest.fixture(scope="session")
def walk(django_db_setup: None, django_db_blocker: Any) -> Walk:
    """Everything that everybody is answered at every address, asked once for all tests of this folder."""
    installation.forget()
    logging.disable(logging.WARNING)  # a line for each refusal, and there are thousands
    with django_db_blocker.unblock(), passing_world() as world:
        found = walking.everything(world)
    logging.disable(logging.NOTSET)
    installation.forget()
    return found
