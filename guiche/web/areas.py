"""Who may enter each area of the site. Closed unless listed; whatever is seen inside is cut by visible_to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guiche.accounts.roles import DESK, Role
from guiche.installation import models as installation

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

# The accounts library names its routes without a namespace (web/library_urls.py): the area of each.
LIBRARY = {
    "account_login": "public",
    "mfa_authenticate": "public",
    "mfa_login_webauthn": "public",
    "account_reauthenticate": "profile",
    "mfa_reauthenticate": "profile",
    "mfa_reauthenticate_webauthn": "profile",
    "mfa_index": "profile",
    "mfa_list_webauthn": "profile",
    "mfa_activate_totp": "profile",
    "mfa_deactivate_totp": "profile",
    "mfa_add_webauthn": "profile",
    "mfa_remove_webauthn": "profile",
    "mfa_view_recovery_codes": "profile",
    "mfa_generate_recovery_codes": "profile",
}
# Where somebody must add a second step before anything else; signing out is in `public`.
ENROLMENT = frozenset({"profile:security", "profile:password", *LIBRARY})
# Asked by open pages on their own, not by a person: they keep no session awake.
UNATTENDED = frozenset({"profile:stream", "profile:bell-count"})

# Where "/" may take somebody, in this order: area, route, words, icon.
HOMES: tuple[tuple[str, str, _StrPromise, str], ...] = (
    ("portal", "portal:home", _("Portal"), "home"),
    ("desk", "desk:home", _("Desk"), "inbox"),
    ("manage", "manage:home", _("Administration"), "gear"),
)

BEGINNINGS = frozenset(area for area, *_rest in HOMES)
START = "portal:home"  # "/": of customers, and where everybody else is sent on from


def may_enter(area: str, user: User) -> bool:
    """Whether `user`, signed in, may enter `area`. An area that is not listed is closed."""
    entrance = ENTRANCES.get(area)
    return entrance is not None and entrance(user)


def area_of(view_name: str) -> str:
    """Return the area of a route: its namespace, or what LIBRARY says; "" closes it."""
    namespace, colon, _name = view_name.partition(":")
    return namespace if colon else LIBRARY.get(view_name, "")


def home_of(user: User) -> str:
    """Return the address where `user` begins: the area last used, if several; the profile for who has none.

    An installation may send contacts to their list instead.
    """
    if not user.works_here and installation.current().contacts_start_at_list:
        return reverse("portal:tickets")
    homes = homes_of(user)
    last = [home for home in homes if home[0] == user.last_area]
    return reverse((last or homes)[0][1]) if homes else reverse("profile:home")


def homes_of(user: User) -> list[tuple[str, str, _StrPromise, str]]:
    """Return the areas that `user` may enter, with where each begins."""
    return [home for home in HOMES if may_enter(home[0], user)]
