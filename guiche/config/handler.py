"""Django behind the asynchronous server: one thread answers a request, from the first middleware to the last."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import IO, Any, cast

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.http import HttpResponseBase
from django.urls import set_script_prefix

from guiche.config import repeats

# Any: a message of ASGI is a dictionary of whatever its type says.
Scope = dict[str, Any]


class Handler(ASGIHandler):
    """Django's own takes six hops to new threads for one request, a fifth of its time; our views are all ordinary
    functions, so that one hop does. The database connection goes back to the pool before the answer is sent.
    """

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(settings.WEB_THREADS, thread_name_prefix="page")

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        assert scope["type"] == "http", scope["type"]  # Bounded lets nothing else through
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        context = copy_context()
        response = await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: context.run(self._answer, scope, body)
        )
        try:
            await self.send_response(response, send)
        finally:
            if response.streaming:
                await asyncio.to_thread(response.close)

    def _answer(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(scope))
        with body:
            for pause in repeats.pauses():
                with repeats.watched() as one:
                    response = self._try(scope, body)
                if not one.was_stopped:
                    return response
                time.sleep(pause)
            return self._try(scope, body)

    def _try(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        """Work on a request from its first byte to its answer, of which nothing is sent yet."""
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refused = self.create_request(scope, cast("IO[bytes]", _Unclosed(body)))
        response = self.get_response(request) if request is not None else refused
        assert response is not None  # one of the two
        response._handler_class = self.__class__  # type: ignore[attr-defined]  # who says that the request has finished
        if response.streaming:  # it is read while it is sent, in other threads; what it reads are files
            close_old_connections()
        else:
            response.close()
        return response


class _Unclosed:
    """A body as one try reads it, from its beginning: closed by that try, it is there for the next."""

    def __init__(self, body: IO[bytes]) -> None:
        body.seek(0)
        self.read, self.readline, self.seek, self.seekable = body.read, body.readline, body.seek, body.seekable

    def close(self) -> None:
        """Leave it open: whoever opened the body closes it."""
