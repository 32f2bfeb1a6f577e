"""The door of the server: `granian --interface asgi guiche.config.asgi:application`."""

import os

import django
from django.conf import settings

from guiche.config.limits import App, Bounded, UploadLimits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guiche.config.settings")


def limited(app: App) -> App:
    """Return `app` behind the limits on size, slowness and number."""
    return Bounded(UploadLimits(app), at_once=settings.WEB_THREADS)


def streaming(app: App) -> App:
    """Return `app` with the live stream, which asks Django only who it is for."""
    from guiche.web.live import Streams  # after Django is set up

    return Streams(app)


def pages() -> App:
    """Return Django, ready."""
    django.setup(set_prefix=False)
    from guiche.config.handler import Handler  # after Django is set up

    return Handler()


application = limited(streaming(pages()))
