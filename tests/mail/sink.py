"""A real mail server on loopback that keeps every letter and can misbehave on request."""

import asyncio
import socket
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"


class Handler:
    """Does with each letter what its script says: an answer, or a way of going away."""

    def __init__(self) -> None:
        self.received: list[tuple[str, bytes]] = []  # (recipient, bytes), also of letters whose answer got lost
        self.script: list[str] = []  # one word for each letter to come; OK when it is used up
        self.before_answer: Callable[[], None] | None = None  # called when a whole letter is here
        self.sessions = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.sessions += 1
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.script and self.script[0][0] in "45" and "data" not in self.script[0]:
            return self.script.pop(0)
        if self.script and self.script[0] == "hang":
            self.script.pop(0)
            await asyncio.sleep(30)
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        word = self.script.pop(0) if self.script else OK
        if word.endswith("data"):
            return word
        self.received.append((envelope.rcpt_tos[0], bytes(envelope.content or b"")))
        if self.before_answer:
            await asyncio.get_running_loop().run_in_executor(None, self.before_answer)
        if word == "drop after dot" and server.transport:
            server.transport.abort()
        return OK


class MisbehavingServer(SMTP):
    """Goes away in the middle of a letter when the script says so."""

    async def smtp_DATA(self, arg: str) -> None:
        script = self.event_handler.script
        if script and script[0] == "drop before dot":
            script.pop(0)
            await self.push("354 go on")
            await asyncio.sleep(0.1)
            assert self.transport
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return MisbehavingServer(self.handler, **self.SMTP_kwargs)


class Sink:
    """The server, which may be closed and opened again on the same port."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.handler = Handler()
        self._controller: Any = None  # Any: aiosmtpd has no types

    def open(self) -> "Sink":
        self._controller = _Controller(self.handler, hostname="127.0.0.1", port=self.port, ready_timeout=10)
        self._controller.start()
        return self

    def close(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=policy.default) for _to, content in self.handler.received]

    @property
    def subjects(self) -> list[str]:
        return [str(letter["Subject"]) for letter in self.letters]
