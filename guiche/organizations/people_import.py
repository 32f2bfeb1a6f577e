"""A list of people as somebody wrote it: what each line says, and why it cannot come in. Asks no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from guiche.core.errors import Refused
from guiche.core.text import normalize
from guiche.organizations import mail_domains
from guiche.organizations.models import Reach

MOST_LINES = 2_000
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "email": ("e-mail", "email", "e mail", "correio", "mail"),
    "name": ("nome", "pessoa", "colaborador", "funcionario", "usuario", "name"),
    "phone": ("telefone", "fone", "celular", "ramal", "contato", "phone"),
    "site": ("unidade", "filial", "local", "setor", "site"),
    "reach": ("alcance", "ve", "visao", "visibilidade", "acesso", "reach"),
    "role": ("papel", "perfil", "administra", "funcao", "role"),
}
_REACHES: Mapping[str, str] = {
    "": Reach.OWN,
    **dict.fromkeys(("own", "somente os proprios", "so os proprios", "os proprios", "proprios", "proprio"), Reach.OWN),
    **dict.fromkeys(("unit", "a unidade", "unidade", "da unidade", "filial"), Reach.UNIT),
    **dict.fromkeys(("all", "toda a organizacao", "organizacao", "toda", "tudo", "todos", "empresa"), Reach.ALL),
}
_ADMINISTRATORS = frozenset(
    {"administra o portal", "administra", "administrador", "administradora", "administrator", "admin", "sim", "x", "s"}
)
_EXAMPLE = "nome@empresa.com.br"


class ListRefused(Refused):
    """The file cannot be read as a list of people."""


@dataclass(frozen=True)
class Line:
    """One person of the list; `number` is the line of the file. With `refusal` it stays out."""

    number: int
    name: str
    email: str
    phone: str = ""
    site: str = ""
    reach: str = Reach.OWN
    is_portal_administrator: bool = False
    site_id: int | None = None
    refusal: str = ""
    done: bool = False


@dataclass(frozen=True)
class Known:
    """What the installation knows that a list is checked against. Addresses in their kept form."""

    organization: str
    sites: Mapping[str, int]  # normalised name → id
    domains: frozenset[str]  # verified, of the organisation
    members: Mapping[str, str]  # address → name, of who is on the list already
    others: frozenset[str] = field(default_factory=frozenset)  # addresses of people registered elsewhere
    other_domains: frozenset[str] = field(default_factory=frozenset)  # of other organisations
    by_staff: bool = False


def read(rows: Sequence[Sequence[str]]) -> list[Line]:
    """Return the lines of a sheet whose first row names its columns.

    Raises ListRefused without a column of names and one of addresses, or for more than 2,000 lines.
    """
    columns = _columns(rows[0] if rows else [])
    if not {"name", "email"} <= columns.keys():
        raise ListRefused(_("The first line must name the columns: at least “nome” and “e-mail”."))
    lines = [_line(number, row, columns) for number, row in enumerate(rows[1:], start=2) if any(row)]
    if not lines:
        raise ListRefused(_("There is nobody in the list. Write one person per line, below the names of the columns."))
    if len(lines) > MOST_LINES:
        raise ListRefused(_("The list has more than 2.000 people. Split it in two."))
    return lines


def check(lines: Sequence[Line], known: Known) -> list[Line]:
    """Return the lines, each with why it stays out, if it does, and with the id of its unit."""
    seen: dict[str, int] = {}
    checked = []
    for line in lines:
        refusal = line.refusal or _refusal(line, known, seen)
        if line.email:
            seen.setdefault(line.email, line.number)
        values = {**asdict(line), "refusal": refusal, "site_id": known.sites.get(normalize(line.site))}
        checked.append(Line(**values))
    return checked


def as_json(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [asdict(line) for line in lines]


def from_json(rows: Sequence[Mapping[str, Any]]) -> list[Line]:
    return [Line(**row) for row in rows]


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Return where each known column is; "E-mail do trabalho" and "Nome completo" are found too."""
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        words = normalize(cell)
        for name, headings in _HEADINGS.items():
            is_it = any(words == heading or words.startswith(f"{heading} ") for heading in headings)
            if is_it and name not in found:
                found[name] = place
                break
    return found


def _line(number: int, row: Sequence[str], columns: Mapping[str, int]) -> Line:
    cell = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
    reach = _REACHES.get(normalize(cell.get("reach", "")))
    refusal = "" if reach else _("“%s” is not a reach. Write: somente os próprios, a unidade, or toda a organização.")
    return Line(
        number=number,
        name=cell["name"],
        email=cell["email"].lower(),
        phone=cell.get("phone", ""),
        site=cell.get("site", ""),
        reach=reach or cell.get("reach", ""),  # what was written, to be given back with its refusal
        is_portal_administrator=normalize(cell.get("role", "")) in _ADMINISTRATORS,
        refusal=refusal % cell.get("reach", "") if refusal else "",
    )


def _refusal(line: Line, known: Known, seen: Mapping[str, int]) -> str:
    words = {"email": line.email, "name": line.name, "organization": known.organization, "site": line.site}
    if len(line.name) < 2:
        return _("The name is missing. Write the full name.")
    if len(line.name) > 120:
        return _("The name is too long: at most 120 characters.")
    if len(line.phone) > 40:
        return _("The phone is too long: at most 40 characters.")
    if wrong := _wrong_address(line.email):
        return wrong
    if line.email in seen:
        return _("The same e-mail is in line %d. Keep one of them.") % seen[line.email]
    if line.email in known.members:
        return _("%s is on the list already. Nothing changes in their record.") % known.members[line.email]
    if line.site and normalize(line.site) not in known.sites:
        return _("The unit “%(site)s” does not exist. Ask the support team to add it, or write another one.") % words
    if line.reach == Reach.UNIT and not line.site:
        return _("The reach is the unit, and the unit is missing. Write it, or another reach.")
    return "" if known.by_staff else _foreign_address(line.email, known)


def _wrong_address(email: str) -> str:
    if "@" not in email:
        return _("The @ is missing in the e-mail. Example: %s") % _EXAMPLE
    try:
        validate_email(email)
    except ValidationError:
        return _("Check the e-mail. Example: %s") % _EXAMPLE
    return ""


def _foreign_address(email: str, known: Known) -> str:
    """Why a portal administrator cannot bring this address in by a list; one by one it becomes a request."""
    domain = mail_domains.of(email)
    if domain in known.domains:
        return ""
    words = {"domain": domain, "organization": known.organization}
    if known.domains and mail_domains.is_public(domain):
        return _("An e-mail of a public provider is not of %(organization)s. Use the work e-mail.") % words
    if known.domains or domain in known.other_domains:
        return (
            _("%(domain)s is not a domain of %(organization)s. Invite this person alone: it becomes a request.") % words
        )
    if email in known.others:
        return _("This address is registered already. Invite this person alone: it becomes a request.")
    return ""
