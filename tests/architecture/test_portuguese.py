"""Portuguese everywhere: every sentence of the code has its translation, and none in English reaches a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from django.utils import timezone, translation

from guiche.accounts import letters as access_letters
from guiche.accounts.models import LinkPurpose
from guiche.accounts.roles import Role
from guiche.mail.models import OutgoingMail
from guiche.organizations import letters as organization_letters
from guiche.organizations.models import JoinRequest, Membership
from tests.architecture.walk import Walk
from tests.architecture.world import World, passing_world

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    "pgettext": ((1, "c"), 2),
}
PREPARED = ("pt_BR", "en", "es")
HOLE = re.compile(r"%\((\w+)\)[a-z]|%[sd]|\{\w*\}")
# English that no Portuguese sentence has: what is left of a text that nobody marked for translation.
ENGLISH = re.compile(
    r"\b(the|and|with|your|you|this|that|from|not|are|is|was|were|have|has|been|will|please|click|here|open|opened|"
    r"ticket|tickets|comment|reply|answer|file|files|save|cancel|delete|remove|change|search|back|next|previous|page|"
    r"required|invalid|field|value|choice|choose|select|enter|password|sign|name|date|today|yesterday|nobody|"
    r"monday|tuesday|wednesday|thursday|friday|january|february|march|april|june|july|august|september|october|"
    r"november|december)\b",
    re.IGNORECASE,
)
# Portuguese, or names, that look English.
FINE = re.compile(r"\b(name|file|page|value)=|https?://\S+|\S+@\S+|/[\w/-]+|page up|page down", re.IGNORECASE)
SHOWN = ("alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription", "label")
UNREAD = {"script", "style", "kbd"}  # a key is called what is printed on it, in any language
SAID = ("data-saved", "data-kept", "data-restored", "data-too-large", "data-too-many", "data-sending", "data-failed")


@cache
def catalogue(language: str) -> Catalog:
    return read_po(BytesIO((ROOT / "locale" / language / "LC_MESSAGES/django.po").read_bytes()), locale=language)


@cache
def sentences() -> tuple[tuple[str, Any], ...]:
    """Return every sentence marked for translation in the code, with where it stands."""
    methods, options = parse_mapping_cfg((ROOT / "locale/babel.cfg").open())
    found = extract_from_dir(str(ROOT / "guiche"), methods, options, keywords=KEYWORDS)
    return tuple((f"{name}:{line}", message) for name, line, message, _comments, _context in found)


class TestCatalogues:
    def test_have_every_sentence_in_portuguese(self) -> None:
        known = catalogue("pt_BR")
        missing = [
            f"{place} {message!r}"
            for place, message in sentences()
            if not _is_said(known.get(message[0] if isinstance(message, tuple) else message))
        ]
        assert len(sentences()) > 500
        assert not missing, "\n".join(missing)

    def test_keep_the_holes_of_each_sentence(self) -> None:
        """A translation with another hole fails, or shows a person nothing, only when it is read."""
        wrong = [
            f"{message.id!r}: {said!r}"
            for message in catalogue("pt_BR")
            if message.id
            for said in _forms(message.string)
            if said and "%" in str(message.id) and not _holes(said) <= _holes(*_forms(message.id))
        ]
        assert not wrong, "\n".join(wrong)

    @pytest.mark.parametrize("language", PREPARED)
    def test_are_prepared(self, language: str) -> None:
        assert len(catalogue(language)) > 500


class Words(HTMLParser):
    """The texts of a page that a person reads or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        self._silent += tag in UNREAD
        attributes = {name: value or "" for name, value in given}
        self.texts += [attributes[name] for name in (*SHOWN, *SAID) if attributes.get(name)]
        if tag in {"input", "button"} and attributes.get("type") in {"submit", "button", "reset"}:
            self.texts.append(attributes.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in UNREAD

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.texts.append(" ".join(data.split()))


def words(html: str) -> list[str]:
    reader = Words()
    reader.feed(html)
    return reader.texts


class TestPages:
    def test_show_no_sentence_that_has_a_translation(self, walk: Walk) -> None:
        """A text that is word for word an English one of the catalogue was not translated."""
        english = _untranslated()
        found = {
            f"{one.gate.route} ({one.method}): {text!r}"
            for one in walk.pages
            for text in words(one.text)
            if text in english
        }
        assert not found, "\n".join(sorted(found))

    def test_have_no_english_word(self, walk: Walk) -> None:
        found = {
            f"{one.gate.route} ({one.method}): {text!r}"
            for one in walk.pages
            for text in words(one.text)
            if _english_in(text)
        }
        assert not found, "\n".join(sorted(found))

    def test_are_looked_at_with_care(self) -> None:
        """The twin: words left in English are seen, in a text and in an attribute."""
        page = '<p>Chamado</p><p>Open ticket</p><input placeholder="Write the reason"><script>the end</script>'

        assert [text for text in words(page) if _english_in(text)] == ["Open ticket", "Write the reason"]
        assert "Open ticket" in _untranslated()


class TestLetters:
    def test_have_no_english_word(self) -> None:
        with passing_world() as world:
            write_everything(world)
            found = list(OutgoingMail.objects.all())

        assert len(found) > 15
        wrong = [
            f"{one.subject}: {text!r}"
            for one in found
            for text in (one.subject, *one.text.splitlines(), *words(one.html))
            if _english_in(text) or text in _untranslated()
        ]
        assert not wrong, "\n".join(wrong)


def write_everything(world: World) -> None:
    """Write each letter about access and organisations; those about tickets were written when the world was made."""
    now, bruno, elisa = timezone.now(), world.people["bruno"], world.people["elisa"]
    assert bruno
    assert elisa
    place = Membership.objects.select_related("user", "organization").get(pk=world.names["place_of_bruno"])
    asked = JoinRequest.objects.get(pk=world.names["join_request"])
    with translation.override("pt-br"):
        for purpose in (LinkPurpose.FIRST_ACCESS, LinkPurpose.NEW_PASSWORD):
            access_letters.send_password_link(bruno, purpose, "t" * 43 + purpose, at=now)
        access_letters.send_invitation(bruno, "u" * 43, by=elisa, organization="Acme", at=now)
        access_letters.send_confirmation("novo@acme.example", "v" * 43, at=now)
        access_letters.send_password_changed(bruno, at=now)
        access_letters.send_email_changed(bruno, old="b@acme.example", new="c@acme.example", by=elisa, at=now)
        access_letters.send_new_device(bruno, device="Chrome, Windows", address="203.0.113.7", at=now)
        for what in ("totp_added", "totp_removed", "passkey_added", "passkey_removed", "codes_generated"):
            moment = now + timedelta(seconds=len(what))
            access_letters.send_second_factor_changed(bruno, what=what, at=moment)
        access_letters.send_roles_changed(elisa, old=[Role.AGENT], new=[Role.SUPERVISOR], by=elisa, at=now)
        organization_letters.send_added(place, by=elisa, at=now)
        organization_letters.send_somebody_joined(place, at=now)
        organization_letters.send_request_refused(asked, "Empresa desconhecida", at=now)


@cache
def _untranslated() -> frozenset[str]:
    """Return the English of every sentence without holes that Portuguese says otherwise."""
    return (
        frozenset(
            " ".join(text.split())
            for message in catalogue("pt_BR")
            if message.id
            for text, said in zip(_forms(message.id), _forms(message.string), strict=False)
            if text != said and not HOLE.search(text) and len(text) > 3
        )
        - _portuguese()
    )


@cache
def _portuguese() -> frozenset[str]:
    """Return what is right in Portuguese too: some sentence is said so."""
    return frozenset(" ".join(said.split()) for message in catalogue("pt_BR") for said in _forms(message.string))


def _english_in(text: str) -> bool:
    rest = FINE.sub(" ", unescape(text))
    return bool(ENGLISH.search(rest)) and rest.strip() not in _portuguese()


def _is_said(message: Message | None) -> bool:
    return message is not None and all(_forms(message.string)) and "fuzzy" not in message.flags


def _forms(text: Any) -> Iterator[str]:
    yield from ([text] if isinstance(text, str) else text or [""])


def _holes(*texts: str) -> set[str]:
    return {match.group() for text in texts for match in HOLE.finditer(text)}
