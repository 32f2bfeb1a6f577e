"""What the details of the audit trail are called on a page: their names, and the codes among their values."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guiche.accounts.roles import Role
from guiche.organizations.models import Reach


def named(key: str) -> str:
    """Return what a detail is called; one without words keeps its name, with spaces."""
    return _names(get_language() or "").get(key) or key.replace("_", " ")


def said(value: str) -> str:
    """Return what a code among the values means; what somebody typed stays as it is."""
    return _codes(get_language() or "").get(value, value)


@lru_cache(maxsize=8)
def _names(language: str) -> dict[str, str]:
    """Return the names in `language`, which must be the active one."""
    return {
        "address": _("address"),
        "after": _("after"),
        "agreement": _("agreement"),
        "approved": _("approved"),
        "asks_to_call": _("asks to call"),
        "before": _("before"),
        "calendar": _("calendar"),
        "changes": _("changes"),
        "company": _("company"),
        "copy_of": _("copy of"),
        "corrects_past": _("corrects the past"),
        "departments": _("departments"),
        "description": _("description"),
        "device": _("device"),
        "effective_from": _("counts from"),
        "email": _("e-mail"),
        "field": _("field"),
        "fields": _("fields"),
        "for_open": _("for open tickets too"),
        "is_active": _("in use"),
        "is_for_all": _("for all customers"),
        "is_for_customers": _("customers see it"),
        "is_portal_administrator": _("administers the portal"),
        "is_required": _("required"),
        "is_restricted": _("restricted"),
        "joins_city": _("closed on the holidays of the customer's city"),
        "kind": _("kind"),
        "language": _("language"),
        "letter": _("letter (mail)"),
        "level": _("severity"),
        "logo": _("logo"),
        "merged": _("merged record"),
        "message": _("message"),
        "name": _("name"),
        "new": _("new"),
        "note": _("notes for staff"),
        "number": _("number"),
        "old": _("old"),
        "organization": _("organisation"),
        "organizations": _("organisations"),
        "people": _("people"),
        "person": _("person"),
        "phone": _("telephone"),
        "position": _("position"),
        "previous": _("before"),
        "products": _("products"),
        "photo": _("photo"),
        "reach": _("reach"),
        "reason": _("reason"),
        "roles": _("roles"),
        "sender_name": _("sender of the letters"),
        "service": _("service"),
        "sessions_ended": _("sessions ended"),
        "signature": _("signature of the letters"),
        "site": _("unit"),
        "subject_line": _("subject"),
        "successor": _("successor"),
        "marks": _("percents of which people are told"),
        "metric": _("deadline"),
        "percent": _("percent of the time"),
        "remedy": _("what is done"),
        "severity": _("severity"),
        "team": _("team"),
        "tells_assignee": _("tells whoever is responsible"),
        "tells_supervisors": _("tells the supervisors"),
        "tells_team": _("tells the whole team"),
        "to_person": _("handed to"),
        "to_team": _("moved to the team"),
        "text": _("text"),
        "tone": _("colour"),
        "valid_from": _("valid from"),
        "valid_until": _("valid until"),
        "version": _("version"),
        "what": _("what"),
        "when": _("appears when"),
    }


@lru_cache(maxsize=8)
def _codes(language: str) -> dict[str, str]:
    """Return the meanings in `language`, which must be the active one."""
    choices = {str(value): str(label) for one in (Role, Reach) for value, label in one.choices}
    choices |= {
        "totp_added": _("authenticator app added"),
        "totp_removed": _("authenticator app removed"),
        "passkey_added": _("passkey added"),
        "passkey_removed": _("passkey removed"),
        "codes_generated": _("new recovery codes"),
    }
    return choices | {key: _names(language)[key] for key in ("name", "phone", "photo", "email")}
