"""Passwords that anybody would guess here: the product's and the provider's names with a few signs around them."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from guiche.core.text import normalize
from guiche.installation import models as installation

_FILLING = re.compile(r"[^a-z]")
_COMMON = ("guiche", "senha", "suporte", "password", "chamado", "portal", "acesso", "mudar")


class ContextWords:
    """Refuses a password of which nothing is left once the names of this place, digits and signs are taken away."""

    def validate(self, password: str, user: Any = None) -> None:
        left = _FILLING.sub("", normalize(password))
        names = [_FILLING.sub("", normalize(name)) for name in installation.current().full_name.split()]
        for word in sorted({*names, *_COMMON} - {""}, key=len, reverse=True):
            left = left.replace(word, "")
        if not left and not password.isdigit():
            raise ValidationError(_("This password is easy to guess here. A short sentence is better."))

    def get_help_text(self) -> str:
        return _("Not only the name of this portal with numbers.")
