"""What was typed in a form that could not be taken, so that its page shows it and offers to send it again.

Only to a page of ours: whoever lets a browser send a form from elsewhere must not see it filled in here, one click away
from being taken. Browsers say where a form comes from (`Origin`); what does not say it is offered nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.utils.datastructures import MultiValueDict

# Fields of a form whose words are never shown again: it has to be filled in anew.
SECRET = frozenset({"password", "old", "new", "code", "credential"})
TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the name of a field
_CHOSEN = re.compile(r"[\w/.:+-]*")
LARGEST = 512 * 1024  # characters in all


@dataclass(frozen=True)
class Again:
    """A form to be sent again: where to, its fields, those that people wrote, and the files that could not be kept."""

    action: str
    fields: list[tuple[str, str]]
    texts: list[str]
    files: list[str]


def offered(request: HttpRequest) -> Again | None:
    """Return what `request` brought, if it is a form of our own pages and holds no secret."""
    if request.method != "POST" or not is_from_here(request):
        return None
    try:
        posted, files = request.POST, request.FILES
    except (SuspiciousOperation, RequestDataTooBig, UnreadablePostError, MultiPartParserError):
        return None
    fields = [(name, str(value)) for name, values in posted.lists() for value in values if name != TOKEN]
    if SECRET & posted.keys() or sum(len(value) for _name, value in fields) > LARGEST:
        return None
    texts = [value for _name, value in fields if _is_written(value)]
    return Again(action=request.get_full_path(), fields=fields, texts=texts, files=_names(files))


def is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this installation sent `request`."""
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return request.headers.get("Origin") in ours and request.headers.get("Sec-Fetch-Site") in {None, "same-origin"}


def fresh_token(request: HttpRequest) -> str:
    """Return a token with which this browser may send forms now."""
    return get_token(request)


def _is_written(value: str) -> bool:
    """Whether `value` looks like words of a person: no key, no number, no choice of a list."""
    return len(value.strip()) > 1 and _CHOSEN.fullmatch(value) is None


def _names(files: MultiValueDict[str, Any]) -> list[str]:  # Any: uploads
    return [str(getattr(one, "name", "")) for _name, several in files.lists() for one in several]
