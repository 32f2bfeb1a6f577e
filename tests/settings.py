"""The product's settings, on the test session's own server and state folder."""

from guiche.operations import translations
from tests import server

translations.compile_changed()
server.begin()

from guiche.config.settings import *  # noqa: E402,F403  # they read the environment that begin() has set

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
WHITENOISE_USE_FINDERS = True  # tests serve the single files; the journey that weighs pages collects them

# Argon2 is slow on purpose; tests/accounts/test_signin.py reads that the installation uses it from its own settings.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
