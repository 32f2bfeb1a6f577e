"""Names and addresses of catalogue rows: one line, not taken, and a free address made of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from guiche.core.errors import Refused
from guiche.core.text import normalize, typed

# Words of addresses that stand where a slug does.
RESERVED = frozenset(
    {"novo", "nova", "importar", "produtos", "modulos", "servicos", "falhas", "pessoas", "semelhantes"}
)


class NameRefused(Refused):
    """The row cannot be called like this."""


def clean_line(text: str, longest: int, *, field: str = "name", required: bool = True) -> str:
    """Return `text` as one line. Raises NameRefused, beside `field`, when it is empty (and required) or too long."""
    line = " ".join(typed(text).split())
    if required and not line:
        raise NameRefused("", fields={field: _("Write a name.") if field == "name" else _("Fill this in.")})
    if len(line) > longest:
        raise NameRefused("", fields={field: _("Write at most %d characters.") % longest})
    return line


def check_free(name: str, siblings: QuerySet[Any], but: Model | None = None) -> None:
    """Raise NameRefused when a row of `siblings` has this name already, accents and case aside.

    Any: rows of any catalogue model with a name. Reads the names of all siblings: a few hundred at most.
    """
    others = siblings.exclude(pk=but.pk) if but is not None else siblings
    if normalize(name) in {normalize(one) for one in others.values_list("name", flat=True)}:
        raise NameRefused("", fields={"name": _("There is already one with this name. Choose another.")})


def free_slug(model: type[Model], name: str, longest: int = 50) -> str:
    """Return an address made of `name` that no row of `model` has."""
    start = slugify(name)[:longest].strip("-") or "novo"
    rows: QuerySet[Any] = model._default_manager.filter(slug__startswith=start)  # Any: one column
    taken = RESERVED | set(rows.values_list("slug", flat=True))
    candidates = (start, *(f"{start}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)
