"""Who may enter each area of the site. Closed unless listed; whatever is seen inside is cut by visible_to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from guiche.accounts.roles import DESK, Role

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from guiche.accounts.models import User


def _contacts(user: User) -> bool:
    return not user.works_here


def _desk(user: User) -> bool:
    return user.has_role(*DESK)


def _manage(user: User) -> bool:
    return user.has_role(Role.ADMINISTRATOR)


def _signed_in(user: User) -> bool:
    return True


# The namespace of an address → who enters. `public` is for everybody, signed in or not.
ENTRANCES: dict[str, Callable[[User], bool]] = {
    "portal": _contacts,
    "desk": _desk,
    "manage": _manage,
    "profile": _signed_in,
}
OPEN_TO_ALL = frozenset({"public"})

# Where "/" may take somebody, in this order: area, route, words, icon.
HOMES: tuple[tuple[str, str, _StrPromise, str], ...] = (
    ("portal", "portal:home", _("Portal"), "home"),
    ("desk", "desk:home", _("Desk"), "inbox"),
    ("manage", "manage:home", _("Administration"), "gear"),
)


def may_enter(area: str, user: User) -> bool:
    """Whether `user`, signed in, may enter `area`. An area that is not listed is closed."""
    entrance = ENTRANCES.get(area)
    return entrance is not None and entrance(user)


def homes_of(user: User) -> list[tuple[str, str, _StrPromise, str]]:
    """Return the areas that `user` may enter, with where each begins."""
    return [home for home in HOMES if may_enter(home[0], user)]
