"""Static files as WhiteNoise finds them, sent without a word of warning by an asynchronous server."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from whitenoise.middleware import WhiteNoiseFileResponse, WhiteNoiseMiddleware

from guiche.web.downloads import CHUNK, Streamed


class StaticFile(Streamed, WhiteNoiseFileResponse):  # type: ignore[misc]  # whitenoise is not typed
    """A static file, read piece by piece; WhiteNoise's own answer is made a list of all its pieces first."""

    block_size = CHUNK


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise is not typed
    """WhiteNoise, with answers for an asynchronous server. May go when its own know one."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> StaticFile:  # Any: whitenoise is not typed
        found = static_file.get_response(request.method, request.META)
        response = StaticFile(found.file or (), status=int(found.status))
        del response["Content-Type"]  # said below, where there is one
        for name, value in found.headers:
            response[name] = value
        return response
