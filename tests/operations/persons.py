"""Do a thing as another account of this machine, or in a process that can be killed."""

import os
import pickle
import pwd
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

NOBODY = 65534


@dataclass
class Fork:
    """A copy of this process that does one thing; it shares what was loaded, so it needs no interpreter of its own."""

    pid: int
    answer: int  # the reading end of a pipe

    def result(self) -> Any:
        """Wait for the end; return what the thing returned, or raise what it raised."""
        with os.fdopen(self.answer, "rb") as pipe:
            content = pipe.read()
        os.waitpid(self.pid, 0)
        outcome, value = pickle.loads(content)
        if outcome == "raised":
            raise value
        return value

    def first_words(self) -> bytes:
        """Return what the thing wrote to its pipe so far, waiting for it."""
        return os.read(self.answer, 4096)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.answer)


def fork(thing: Callable[[int], Any], *, user: int | None = None) -> Fork:
    """Start `thing` in a fork, as `user` if given. It is called with the writing end of the pipe."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return Fork(pid, reading)
    try:
        os.close(reading)
        if user is not None:
            os.setgroups([])
            os.setgid(pwd.getpwuid(user).pw_gid)
            os.setuid(user)
        answer = ("returned", thing(writing))
    except BaseException as error:
        answer = ("raised", error)
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(pickle.dumps(answer))
    os._exit(0)


def do_as(user: int, thing: Callable[[], Any]) -> Any:
    """Do `thing` as `user` and return what it returns."""
    return fork(lambda writing: thing(), user=user).result()


def wait_until(question: Callable[[], Any], *, seconds: float = 10.0) -> Any:
    """Return the first true answer to `question`; fail after `seconds`."""
    until = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.02)
    return answer
