"""Who may do what to people. Portal administrators have their own, in organizations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guiche.accounts.roles import Role

if TYPE_CHECKING:
    from guiche.accounts.models import User


def can_manage_people(by: User) -> bool:
    """Administrators, and the system for what jobs and set-up do."""
    return by.is_active and by.has_role(Role.ADMINISTRATOR, Role.SYSTEM)


def can_register_contacts(by: User) -> bool:
    return can_manage_people(by) or (by.is_active and by.at_the_desk)


def can_change(by: User, user: User) -> bool:
    """Everybody their own record; the desk those of contacts; administrators everybody's but the system's."""
    if user.is_system:
        return False
    return (by == user and by.is_active) or can_manage_people(by) or (not user.works_here and can_register_contacts(by))


def can_change_email(by: User, user: User) -> bool:
    """Nobody changes the address by which they sign in, administrators aside."""
    return can_change(by, user) and (by != user or can_manage_people(by))


def can_deactivate(by: User, user: User) -> bool:
    return can_change(by, user) and by != user


def can_grant_roles(by: User, user: User) -> bool:
    """Administrators only, and never the system's."""
    return can_manage_people(by) and not user.is_system


def can_merge(by: User, kept: User, merged: User) -> bool:
    return can_manage_people(by) and not kept.works_here and not merged.works_here


def can_manage_teams(by: User) -> bool:
    return can_manage_people(by)
