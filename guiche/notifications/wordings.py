"""The words of letters that an administrator changed: which hold, and changing them. All else is as shipped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from guiche.audit import record
from guiche.core.errors import Conflict, NotAllowed, Refused
from guiche.core.text import typed
from guiche.notifications import placeholders, policies, shapes
from guiche.notifications.models import Wording

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.notifications.shapes import Shape

LONGEST_SUBJECT = 150
LONGEST_TEXT = 2_000


class Words(NamedTuple):
    """What a letter says around what it tells: its subject, which is its first line too, and the text under it."""

    subject: str
    text: str


Own = Mapping[tuple[str, str], Words]  # by code of the letter and language

SHIPPED = Words("{novidade}", "{proximo_passo}")


class WordsRefused(Refused):
    """A letter cannot say this."""


def own(kind: str) -> Own:
    """Return the own words in use for the letters of an event. One query."""
    codes = [shape.code for shape in shapes.SHAPES if shape.kind == kind]
    rows = Wording.objects.in_use().of_letters(codes)
    return {(row.letter, row.language): Words(row.subject, row.text) for row in rows}


def shipped(shape: Shape, language: str) -> Words:
    """Return the words that we ship for a letter, with their names in braces."""
    with translation.override(language):
        return Words(shape.subject(), shape.text)


def row_of(shape: Shape, language: str) -> Wording | None:
    """Return what an administrator wrote for a letter, in use or put aside. One query."""
    return Wording.objects.filter(letter=shape.code, language=language).select_related("changed_by").first()


@transaction.atomic
def write(
    shape: Shape, language: str, words: Words, *, by: User, at: datetime, seen: str | None = None
) -> Wording | None:
    """Let the letter say `words` from now on, and return the row; None when these are the shipped ones again.

    `seen`: the version() that `by` had before them; None takes the words over whatever is there.
    Raises NotAllowed; WordsRefused with a sentence for each field; Conflict when somebody was faster.
    """
    _check_may(by)
    words = checked(words)
    _check_seen(shape, language, seen)
    if words == shipped(shape, language):
        restore(shape, language, by=by, at=at)
        return None
    facts = {"subject": words.subject, "text": words.text, "in_use": True, "changed_by": by, "changed_at": at}
    row, _created = Wording.objects.update_or_create(letter=shape.code, language=language, defaults=facts)
    _note("letter.reworded", shape, row, by, at, subject_line=row.subject, text=row.text)
    return row


def version(row: Wording | None) -> str:
    """Return what tells the state of a letter's own words from the states before and after."""
    return f"{row.changed_at.isoformat()} {row.in_use}" if row else ""


@transaction.atomic
def restore(shape: Shape, language: str, *, by: User, at: datetime) -> bool:
    """Let the letter say what we ship; own words are kept aside. Return whether that changed anything."""
    return _switch(shape, language, "letter.restored", by, at, in_use=False)


@transaction.atomic
def reuse(shape: Shape, language: str, *, by: User, at: datetime) -> bool:
    """Let the letter say the own words that were put aside. Return whether that changed anything."""
    return _switch(shape, language, "letter.reused", by, at, in_use=True)


def checked(words: Words) -> Words:
    """Return `words` as they are kept. Raises WordsRefused with a sentence for each field that cannot be so."""
    subject, text = typed(words.subject).strip(), typed(words.text).strip()
    found = {"subject": _fault_of_subject(subject), "text": _fault_of_text(text)}
    if faults := {name: sentence for name, sentence in found.items() if sentence}:
        raise WordsRefused(" ".join(faults.values()), fields=faults)
    return Words(subject, text)


def _fault_of_subject(subject: str) -> str:
    if not subject:
        return _("Write the subject, or restore the original text.")
    if len(subject.splitlines()) > 1:
        return _("The subject is a single line. Take the line break out.")
    if len(subject) > LONGEST_SUBJECT:
        return _("Write the subject in at most %d characters.") % LONGEST_SUBJECT
    return _misread(subject, where="")


def _fault_of_text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        return _("Write the text in at most %d characters.") % LONGEST_TEXT
    return _misread(text, where=_("Line %d: "))


def _misread(template: str, *, where: str) -> str:
    """Return what is wrong with the first brace that means nothing; blank when there is none."""
    try:
        placeholders.check(template)
    except placeholders.Misread as found:
        what = found.what if len(found.what) <= 40 else f"{found.what[:40]}…"
        sentence = _("“%s” is no name of the list.") if found.is_name else _("The brace in “%s” has no other half.")
        return (where % found.line if where else "") + sentence % what
    return ""


def _switch(shape: Shape, language: str, act: str, by: User, at: datetime, *, in_use: bool) -> bool:
    _check_may(by)
    rows = Wording.objects.select_for_update().filter(letter=shape.code, language=language)
    row = rows.exclude(in_use=in_use).first()
    if row is None:
        return False
    row.in_use, row.changed_by, row.changed_at = in_use, by, at
    row.save(update_fields=["in_use", "changed_by", "changed_at"])
    _note(act, shape, row, by, at)
    return True


def _note(act: str, shape: Shape, row: Wording, by: User, at: datetime, **details: str) -> None:
    spoken = dict(settings.LANGUAGES).get(row.language, row.language)
    with translation.override(settings.LANGUAGE_CODE):
        told = f"{shape.label} · {_('To the team') if shape.for_team else _('To customers')}"
    record.write(act, by=by, at=at, subject=row, letter=told, language=spoken, **details)


def _check_seen(shape: Shape, language: str, seen: str | None) -> None:
    # Without a row there is nothing to lock: of two first words the second then meets the row of the first.
    rows = Wording.objects.select_for_update(of=("self",)).filter(letter=shape.code, language=language)
    row = rows.select_related("changed_by").first()
    if seen is not None and row is not None and version(row) != seen:
        who = row.changed_by.name if row.changed_by else _("Somebody")
        raise Conflict(
            _("%s changed this text while you were writing: “%s”. Save again to replace it with yours.")
            % (who, row.subject)
        )


def _check_may(by: User) -> None:
    if not policies.can_reword(by):
        raise NotAllowed(_("Only administrators change the letters."))
