"""Start the server as our own child, or join the one that another process of ours has started.

One file lock per installation says who owns the server. Its holder always runs it as a direct
child, so that it is reaped; whoever finds the lock taken waits for the socket and joins. The
kernel drops the lock with its holder, so nothing is left to clean after a `kill -9`.
"""

import contextlib
import fcntl
import json
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg

from guiche.operations.embedded_postgres import cluster, places, processes, programs
from guiche.operations.embedded_postgres.errors import PostgresRefused
from guiche.operations.embedded_postgres.places import Place
from guiche.operations.words import gettext as _

START_SECONDS = 300.0  # recovery after a crash may be long
STOP_SECONDS = 60.0
LONGEST_LOG = 10 * 1024 * 1024
SETTINGS = {
    "listen_addresses": "",
    "port": str(places.PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "checkpoint_completion_target": "0.9",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
    "lc_messages": "C",
}
# Only for tests: what a power cut would lose does not matter there.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"}


@dataclass
class Server:
    """A running PostgreSQL. `process` is None when another process of ours owns it."""

    url: str
    place: Place
    programs: Path
    socket: Path
    process: "subprocess.Popen[bytes] | None" = None
    settings: dict[str, str] = field(default_factory=dict)
    superuser_url: str = ""
    _lock: IO[str] | None = None

    @property
    def is_alive(self) -> bool:
        """Say whether the server that we own still runs; a joined one is not ours to watch."""
        return self.process is None or self.process.poll() is None

    def revive(self) -> None:
        """Start the server again at the same address, after it died under us."""
        processes.clear_the_way(self.place.data)
        self._launch()
        self._wait_until_ready()

    def stop(self) -> None:
        """Stop the server if it is ours: open transactions are undone, nothing committed is lost."""
        if self.process is None:
            return
        for death, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, STOP_SECONDS), (signal.SIGKILL, None)):
            with contextlib.suppress(subprocess.TimeoutExpired):
                if self.process.poll() is None:
                    self.process.send_signal(death)
                self.process.wait(seconds)
                break
        self.place.notice.unlink(missing_ok=True)
        _remove_short_folder(self.socket, self.place)
        if self._lock:
            self._lock.close()

    def _launch(self) -> None:
        for left in self.socket.iterdir():  # by a server that was killed, and is gone
            left.unlink()
        settings = {**self.settings, "unix_socket_directories": str(self.socket)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        _turn_over(self.place.log)
        self.place.log.touch(mode=0o600)
        with self.place.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.place.data, *options],
                env=cluster.ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the parent, which stops us last
                preexec_fn=processes.dies_with_parent(signal.SIGINT),  # the one way to ask for it
                **self.place.as_child(),
            )

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if not self.is_alive:
                raise PostgresRefused(_("PostgreSQL did not start: %s") % _last_lines(self.place.log))
            answer = _try(self.superuser_url)
            if answer is None:
                return
            if "authentication failed" in answer:
                self.stop()
                raise PostgresRefused(_("The password in postgres.postgres.key is not the one of this database."))
            time.sleep(0.02)
        self.stop()
        raise PostgresRefused(_("PostgreSQL takes too long to start: %s") % _last_lines(self.place.log))


@contextlib.contextmanager
def running(home: Path, *, bin_folder: Path | None = None, durable: bool = True) -> Iterator[Server]:
    """Give a server of the installation `home` for the time of a `with`; stop it after, if we started it."""
    server = start(home, bin_folder=bin_folder, durable=durable)
    try:
        yield server
    finally:
        server.stop()


def start(home: Path, *, bin_folder: Path | None = None, durable: bool = True) -> Server:
    """Start the server of the installation `home` as our child, or join the one that runs already.

    `durable` False forgoes everything that protects from a power cut: for tests only. To be
    called from the main thread: the server stops when the thread that started it ends.
    Raises PostgresRefused.
    """
    home = home.resolve()
    place = places.prepare(home)
    found = programs.find_programs(bin_folder)
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        lock = _take(place.lock)
        if lock:
            try:
                return _own(home, place, found, lock, durable=durable)
            except BaseException:
                lock.close()
                raise
        if joined := _join(home, place, found):
            return joined
        time.sleep(0.05)
    raise PostgresRefused(_("Another process is starting the database and does not finish."))


def _own(home: Path, place: Place, found: Path, lock: IO[str], *, durable: bool) -> Server:
    """Start the server as our child. We hold the lock: nobody else's server can be alive for long."""
    _forget_the_last(place)
    if place.data.exists():
        processes.clear_the_way(place.data)
    found = programs.runnable(found, place)
    secret = cluster.password(home, cluster.SUPERUSER)
    cluster.ensure_data(place, found, superuser_password=secret, durable=durable)
    socket = place.socket_folder()
    server = Server(
        url=_url(cluster.APPLICATION, cluster.password(home, cluster.APPLICATION), socket),
        superuser_url=_url(cluster.SUPERUSER, secret, socket),
        place=place,
        programs=found,
        socket=socket,
        settings=SETTINGS if durable else SETTINGS | CARELESS,
        _lock=lock,
    )
    try:
        server._launch()
        server._wait_until_ready()
        application_password = cluster.password(home, cluster.APPLICATION)
        cluster.ensure_application(server.superuser_url, application_password=application_password)
        place.notice.write_text(json.dumps({"socket": str(socket)}))
    except BaseException:
        server.stop()
        raise
    return server


def _join(home: Path, place: Place, found: Path) -> Server | None:
    """Return the server that another process runs, once it answers; None until then."""
    try:
        socket = Path(json.loads(place.notice.read_text())["socket"])
    except (OSError, ValueError):
        return None
    url = _url(cluster.APPLICATION, cluster.password(home, cluster.APPLICATION), socket)
    return Server(url=url, place=place, programs=found, socket=socket) if _try(url) is None else None


def _take(path: Path) -> IO[str] | None:
    lock = path.open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def _url(role: str, secret: str, socket: Path) -> str:
    where = f"host={quote(str(socket), safe='')}&port={places.PORT}"  # in full, or PGPORT would be followed
    return f"postgresql://{role}:{quote(secret, safe='')}@/{role}?{where}"


def _try(url: str) -> str | None:
    """Connect to `url`; return None if it answers, else what was said."""
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        return str(error)
    return None


def _forget_the_last(place: Place) -> None:
    """Remove what a server that was not stopped has left in /tmp."""
    with contextlib.suppress(OSError, ValueError):
        _remove_short_folder(Path(json.loads(place.notice.read_text())["socket"]), place)
    place.notice.unlink(missing_ok=True)


def _remove_short_folder(socket: Path, place: Place) -> None:
    ours = place.account.uid if place.account else place.folder.stat().st_uid
    short = socket.parent == Path("/tmp") and socket.name.startswith("guiche-")  # noqa: S108  # made by mkdtemp
    if short and socket.is_dir() and not socket.is_symlink() and socket.stat().st_uid == ours:
        shutil.rmtree(socket, ignore_errors=True)


def _turn_over(log: Path) -> None:
    if log.exists() and log.stat().st_size > LONGEST_LOG:
        log.replace(log.with_suffix(".log.1"))


def _last_lines(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return " / ".join(lines[-3:])
