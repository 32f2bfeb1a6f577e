"""Signed-in browsers: kept in our own table so that they can be listed, limited in time and ended one by one."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from guiche.accounts import remembered
from guiche.accounts.models import Session, User
from guiche.accounts.querysets import SessionQuerySet
from guiche.core import written
from guiche.core.events import announce

SEEN_EVERY = timedelta(minutes=1)  # how often a used session is written
STARTED, SEEN, DEVICE, ADDRESS, KIND = "_started", "_seen", "_device", "_address", "_kind"
REMEMBERED, SKIPPED = "_remembered", "_skipped"  # the remembered device it is open on; whether that spared a step


class SessionStore(DatabaseStore):
    """A session with an owner, an idle limit and an absolute one (settings.SESSION_LIMITS)."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        data: dict[str, Any] = super().load()
        if data and is_over(data, timezone.now()):
            self.delete()
            self._session_key = None
            return {}
        return data

    def _get_session_from_db(self) -> Session | None:
        found = written.rows(_kept_under, self.session_key or "")  # its limit is a moment: looked at here
        if found and found[0].expire_date > timezone.now():
            return found[0]
        self._session_key = None
        return None

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        now = timezone.now()
        owner = data.get(SESSION_KEY)
        return Session(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]  # Django's own, unknown to the stubs
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=int(owner) if owner else None,
            device=data.get(DEVICE, "")[:120],
            address=data.get(ADDRESS) or None,
            started_at=_moment(data, STARTED, now),
            seen_at=_moment(data, SEEN, now),
        )


def _kept_under(key: str) -> SessionQuerySet:
    return Session.objects.filter(session_key=key)


def start(session: Any, user: User, *, device: str, address: str | None, at: datetime) -> None:
    """Write on a new session whose it is, on what and from where."""
    session[STARTED] = session[SEEN] = at.isoformat()
    session[DEVICE] = device
    session[ADDRESS] = address
    session[KIND] = "staff" if user.works_here else "contact"


def end_all(user: User, *, but: str | None = None) -> int:
    """End every session of `user`, except the one with the key `but`. Return how many ended.

    Whatever ends them all also forgets the devices on which the second step was not asked.
    """
    remembered.forget_all(user)
    return _end(Session.objects.of(user).exclude(session_key=but or ""), user)


def end_one(user: User, public: str) -> bool:
    """End the session of `user` that goes by `public`, and forget its device. Return whether there was one."""
    found = [row for row in Session.objects.of(user) if public_id(row.session_key) == public]
    for row in found:
        remembered.forget(user, row.get_decoded().get(REMEMBERED))
    return bool(_end(Session.objects.of(user).filter(session_key__in=[row.session_key for row in found]), user))


def _end(rows: SessionQuerySet, user: User) -> int:
    ended = rows.delete()[0]
    if ended:
        announce({"kind": "session.ended", "person": user.pk})  # open streams end at once
    return ended


def public_id(key: str) -> str:
    """Return the name under which a page may show a session: its key would let anybody in."""
    return hashlib.sha256(f"session:{key}".encode()).hexdigest()[:16]


def touch(session: Any, at: datetime) -> None:
    """Note that the person did something; at most once a minute. Streams, polls and autosave don't call this."""
    if SEEN in session and at - _moment(session, SEEN, at) >= SEEN_EVERY:
        session[SEEN] = at.isoformat()


def is_over(data: Any, at: datetime) -> bool:
    """Whether a session was idle for too long, or lasted too long."""
    if STARTED not in data:
        return False
    idle, absolute = settings.SESSION_LIMITS.get(data.get(KIND, "contact"), settings.SESSION_LIMITS["contact"])
    return bool(at - _moment(data, SEEN, at) > idle or at - _moment(data, STARTED, at) > absolute)


def _moment(data: Any, key: str, default: datetime) -> datetime:
    value = data.get(key)
    return datetime.fromisoformat(value) if value else default
