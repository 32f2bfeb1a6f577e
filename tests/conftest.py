"""What every test may ask for."""

import pytest
from django.conf import settings

from tests import server
from tests.cast import *  # noqa: F403  # the cast: every test may ask for anybody


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Copy test databases from one that is migrated already: the session's first database costs no migration."""
    if template := server.migrated_template():
        settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = template
