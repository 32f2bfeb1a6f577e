"""The product's settings, on the test session's own server and state folder."""

from tests import server

server.begin()

from guiche.config.settings import *  # noqa: E402,F403  # they read the environment that begin() has set
