"""What can be done with drafts: save, find, discard, remove the forgotten ones."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guiche.core import text, written
from guiche.core.errors import Refused
from guiche.drafts.models import Draft
from guiche.files.models import StoredFile

LIVES_FOR = timedelta(days=30)
LARGEST = 100_000  # bytes of content, as JSON
MOST_FIELDS = 100
MOST_DRAFTS = 50  # of one person; beyond it the oldest goes
LONGEST_KEY = 100
_PLACE = re.compile(r"^[a-z][a-z0-9-]{0,30}:[a-z0-9-]{1,80}\Z")

Content = Mapping[str, str | list[str]]


class DraftRefused(Refused):
    """This cannot be kept as a draft."""


@transaction.atomic
def save(user: Any, place: str, content: Content, files: Iterable[StoredFile], *, at: datetime) -> Draft:
    """Keep what `user` has typed at `place` so far, instead of what was kept there before, with its files.

    Only files that `user` owns are held; others are left out. `at` older than what is kept changes nothing:
    two tabs save in any order. Any: people live in an app above this one.

    Raises DraftRefused if the place is none of ours or the content is larger than 100 kB.
    """
    cleaned = _checked(place, content)
    draft, created = Draft.objects.select_for_update().get_or_create(
        user=user, place=place, defaults={"content": cleaned, "updated_at": at}
    )
    if created:
        _drop_oldest(user)
    elif at < draft.updated_at:
        return draft
    draft.content, draft.updated_at = cleaned, at
    draft.save(update_fields=["content", "updated_at"])
    draft.files.set([stored for stored in files if stored.owner_id == user.pk][: settings.FILE_COUNT_LIMIT])
    return draft


def find(user: Any, place: str) -> Draft | None:
    """Return what `user` left at `place`, with its files; None when nothing is there. Two queries."""
    found = written.rows(_left_at, user.pk, place)
    return found[0] if found else None


def _left_at(user_id: int, place: str) -> QuerySet[Draft]:
    return Draft.objects.visible_to(user_id).at(place).prefetch_related("files")


def discard(user: Any, place: str) -> None:
    """Forget what `user` left at `place`; its files live on only if something else holds them."""
    if found := find(user, place):
        found.delete()


def remove_forgotten(*, at: datetime) -> int:
    """Remove the drafts that nobody touched for 30 days. Return how many."""
    _all, by_kind = Draft.objects.untouched_since(at - LIVES_FOR).delete()
    return by_kind.get(Draft._meta.label, 0)


def _checked(place: str, content: Content) -> dict[str, str | list[str]]:
    if not _PLACE.match(place):
        raise DraftRefused(_("This text cannot be kept as a draft. Copy it before you leave the page."))
    cleaned = {text.typed(name)[:LONGEST_KEY]: _typed(value) for name, value in content.items()}
    if len(cleaned) > MOST_FIELDS or len(json.dumps(cleaned).encode()) > LARGEST:
        raise DraftRefused(_("This text is too long to be kept as a draft. Send it, or put part of it in a file."))
    return cleaned


def _typed(value: str | list[str]) -> str | list[str]:
    return [text.typed(one) for one in value] if isinstance(value, list) else text.typed(value)


def _drop_oldest(user: Any) -> None:
    beyond = Draft.objects.visible_to(user).order_by("-updated_at", "-pk").values("pk")[MOST_DRAFTS:]
    Draft.objects.filter(pk__in=list(beyond.values_list("pk", flat=True))).delete()
