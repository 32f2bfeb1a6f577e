"""What administrators do with teams."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from guiche.accounts import persons, policies, team_use
from guiche.accounts.models import Team, User
from guiche.audit import record
from guiche.core.errors import NotAllowed, Refused


class TeamRefused(Refused):
    """This cannot be written on a team."""


@transaction.atomic
def create(*, name: str, is_restricted: bool = False, people: Iterable[User] = (), by: User, at: datetime) -> Team:
    """Make a team of people of the desk. Raises NotAllowed, TeamRefused."""
    _check(by)
    name = _clean_name(name)
    team = Team.objects.create(name=name, slug=_free_slug(name), is_restricted=is_restricted)
    _set_people(team, people)
    record.write("team.created", by=by, at=at, subject=team, name=name)
    return team


@transaction.atomic
def change(
    team: Team, *, name: str, is_restricted: bool, is_active: bool, people: Iterable[User], by: User, at: datetime
) -> Team:
    """Change all of a team; its address stays. Raises NotAllowed, TeamRefused."""
    _check(by)
    team = Team.objects.select_for_update().get(pk=team.pk)
    if team.is_active and not is_active:
        _check_unused(team)
    team.name = _clean_name(name, but=team)
    team.is_restricted, team.is_active = is_restricted, is_active
    team.save(update_fields=["name", "is_restricted", "is_active"])
    _set_people(team, people)
    belonging = sorted(team.people.values_list("pk", flat=True))
    details = {"name": team.name, "is_restricted": is_restricted, "is_active": is_active, "people": belonging}
    record.write("team.changed", by=by, at=at, subject=team, **details)
    return team


def _set_people(team: Team, people: Iterable[User]) -> None:
    people = list(people)
    if any(not user.at_the_desk for user in people):
        message = _("Only people of the desk can be in a team")
        raise TeamRefused(message, fields={"people": message})
    team.people.set(people)


def _check_unused(team: Team) -> None:
    """What waits in the queue of a closed team would wait for ever."""
    if sentences := team_use.reasons(team):
        message = " ".join(sentences)
        raise TeamRefused(message, fields={"is_active": message})


def _clean_name(name: str, but: Team | None = None) -> str:
    name = persons.clean_line(name, 80)
    if not name:
        message = _("Name the team")
        raise TeamRefused(message, fields={"name": message})
    others = Team.objects.exclude(pk=but.pk) if but else Team.objects.all()
    if others.filter(name=name).exists():
        message = _("There is a team with this name already")
        raise TeamRefused(message, fields={"name": message})
    return name


def _free_slug(name: str) -> str:
    start = slugify(name)[:50] or "equipe"
    taken = set(Team.objects.filter(slug__startswith=start).values_list("slug", flat=True))
    return next(slug for slug in (start, *(f"{start}-{n}" for n in range(2, 999))) if slug not in taken)


def _check(by: User) -> None:
    if not policies.can_manage_teams(by):
        raise NotAllowed(_("This is for administrators to do. Ask one of them."))
