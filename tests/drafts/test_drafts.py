"""Drafts: kept for a month, with their files, for nobody but their writer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guiche.drafts import actions
from guiche.drafts.models import Draft
from guiche.files import actions as file_actions
from guiche.files.models import StoredFile
from tests.files.samples import upload

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PLACE = "opening:falha-tecnica"


class TestSave:
    def test_keeps_what_was_typed_and_its_files(self, ana: Any) -> None:
        stored = file_actions.keep(upload(b"nota"), by=ana, at=NOON)

        actions.save(ana, PLACE, {"title": "Não\x00 liga", "copies": ["a@b.example"]}, [stored], at=NOON)

        draft = actions.find(ana, PLACE)
        assert draft
        assert draft.content == {"title": "Não liga", "copies": ["a@b.example"]}
        assert list(draft.files.all()) == [stored]

    def test_replaces_what_was_there(self, ana: Any) -> None:
        actions.save(ana, PLACE, {"title": "a"}, [], at=NOON)
        actions.save(ana, PLACE, {"title": "b"}, [], at=NOON + timedelta(seconds=3))

        assert Draft.objects.get().content == {"title": "b"}

    def test_is_not_undone_by_an_older_save_that_comes_late(self, ana: Any) -> None:
        actions.save(ana, PLACE, {"title": "novo"}, [], at=NOON)
        actions.save(ana, PLACE, {"title": "velho"}, [], at=NOON - timedelta(seconds=3))

        assert Draft.objects.get().content == {"title": "novo"}

    def test_37_holds_no_file_of_somebody_else(self, ana: Any, bruno: Any) -> None:
        stored = file_actions.keep(upload(b"nota"), by=bruno, at=NOON)

        draft = actions.save(ana, PLACE, {}, [stored], at=NOON)

        assert not draft.files.exists()

    @pytest.mark.parametrize(
        "place", ["", "reply", "reply:", "reply:4 2", "reply:../1", "Reply:42", "a" * 40 + ":1", "reply:42\n"]
    )
    def test_refuses_a_place_that_is_none_of_ours(self, ana: Any, place: str) -> None:
        with pytest.raises(actions.DraftRefused):
            actions.save(ana, place, {}, [], at=NOON)

    def test_refuses_more_than_a_hundred_thousand_bytes(self, ana: Any) -> None:
        with pytest.raises(actions.DraftRefused):
            actions.save(ana, PLACE, {"description": "a" * 100_000}, [], at=NOON)

    def test_keeps_the_latest_fifty(self, ana: Any, bruno: Any) -> None:
        actions.save(bruno, PLACE, {}, [], at=NOON)
        for number in range(52):
            actions.save(ana, f"reply:{number}", {}, [], at=NOON + timedelta(minutes=number))

        assert Draft.objects.visible_to(ana).count() == 50
        assert not Draft.objects.at("reply:0").exists()
        assert Draft.objects.visible_to(bruno).exists()


class TestFind:
    def test_finds_nothing_of_others(self, ana: Any, bruno: Any) -> None:
        actions.save(ana, PLACE, {"title": "a"}, [], at=NOON)

        assert actions.find(bruno, PLACE) is None


class TestDiscard:
    def test_forgets_only_that_place(self, ana: Any) -> None:
        actions.save(ana, PLACE, {}, [], at=NOON)
        actions.save(ana, "reply:42", {}, [], at=NOON)

        actions.discard(ana, PLACE)

        assert [draft.place for draft in Draft.objects.all()] == ["reply:42"]


class TestHolding:
    def test_a_draft_keeps_its_files_for_as_long_as_it_lives(self, ana: Any) -> None:
        stored = file_actions.keep(upload(b"nota"), by=ana, at=NOON)
        actions.save(ana, PLACE, {}, [stored], at=NOON)
        assert file_actions.remove_unheld(at=NOON + timedelta(days=29)) == 0

        assert actions.remove_forgotten(at=NOON + timedelta(days=30, seconds=1)) == 1
        assert file_actions.remove_unheld(at=NOON + timedelta(days=30, seconds=1)) == 1
        assert not StoredFile.objects.exists()
