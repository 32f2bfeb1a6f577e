"""Who gets in where: every address of the site × everybody."""

from collections.abc import Iterable

import pytest

from tests.architecture import walk as walking
from tests.architecture.gates import CAST, GATES
from tests.architecture.walk import Answer, Walk
from tests.architecture.world import passing_world

pytestmark = pytest.mark.django_db

# What is Acme's, and what only the team may read.
OF_ACME = ("Imagens demoram", "Laudo sem assinatura", "Bruno Braga", "Beatriz Barros", "Caio Costa", "acme.example")
OF_THE_TEAM = "SEGREDO-DA-EQUIPE"
# Whoever holds the link of a letter is told whom it is for.
LETTERS = {"public:first-password", "public:choose-password", "public:confirm"}


class TestTable:
    def test_has_every_address(self) -> None:
        missing = walking.routes().keys() - {gate.route for gate in GATES}

        assert not missing, "not in gates.py:\n" + _lines(f"{name}  {walking.routes()[name]}" for name in missing)

    def test_has_no_address_that_is_gone(self) -> None:
        assert not {gate.route for gate in GATES} - walking.routes().keys()

    def test_says_each_address_once(self) -> None:
        assert len({gate.route for gate in GATES}) == len(GATES)


class TestGates:
    @pytest.mark.parametrize("who", CAST)
    def test_open_and_stay_closed_as_the_table_says(self, walk: Walk, who: str) -> None:
        seen = [one for one in walk.of("GET") if one.who == who]

        assert len(seen) == len(GATES)
        wrong = [one for one in seen if one.said != one.gate.expected(who)]
        assert not wrong, _lines(f"{one}: {one.said}, not {one.gate.expected(who)}" for one in wrong)

    @pytest.mark.parametrize("who", CAST)
    def test_are_the_same_for_fragments(self, walk: Walk, who: str) -> None:
        seen = [one for one in walk.of("GET", is_htmx=True) if one.who == who]

        assert len(seen) == len(GATES)
        wrong = [one for one in seen if one.said != one.gate.expected(who, is_htmx=True)]
        assert not wrong, _lines(f"{one}: {one.said}" for one in wrong)

    def test_answer_what_a_foreign_person_sends_as_the_table_says(self, walk: Walk) -> None:
        wrong = [one for one in walk.of("POST") if one.said != one.gate.posted]
        assert not wrong, _lines(f"{one}: {one.said}, not {one.gate.posted}" for one in wrong)

    def test_never_break(self, walk: Walk) -> None:
        broken = [one for one in walk.answers if one.status >= 500]
        assert not broken, _lines(broken)

    def test_say_that_nothing_is_there_where_nothing_is(self, walk: Walk) -> None:
        """A page of its own is answered 404; what was pressed on an older page may be refused with a reason."""
        wrong = [one for one in walk.strange if one.status not in {302, 403, 404, 422}]
        assert not wrong, _lines(f"{one}: {one.status}" for one in wrong)


class TestIsolation:
    def test_case_32_hidden_and_missing_answer_alike(self, walk: Walk) -> None:
        assert len(walk.twins) > 100

        unlike = [hidden for hidden, missing in walk.twins if _what(hidden) != _what(missing)]
        assert not unlike, _lines(unlike)

    def test_case_38_hidden_objects_are_hidden_from_fragments_and_forms(self, walk: Walk) -> None:
        shown = [hidden for hidden, _missing in walk.twins if hidden.status < 300]
        assert not shown, _lines(shown)

    def test_nothing_of_acme_is_told_to_another_company(self, walk: Walk) -> None:
        told = [one for one in walk.answers if one.who == "carla" and one.gate.route not in LETTERS]

        leaks = [f"{one}: {word}" for one in told for word in OF_ACME if word.encode() in one.body]
        assert not leaks, _lines(leaks)

    def test_nothing_of_a_ticket_is_told_to_a_colleague_who_reaches_only_the_own(self, walk: Walk) -> None:
        told = [one for one in walk.answers if one.who == "caio"]

        leaks = [one for one in told if b"Imagens demoram" in one.body or b"Laudo sem" in one.body]
        assert not leaks, _lines(leaks)

    def test_case_44_no_internal_note_is_told_to_a_customer(self, walk: Walk) -> None:
        customers = {"anonymous", "bruno", "beatriz", "caio", "carla"}
        told = [one for one in walk.answers if one.who in customers]

        leaks = [one for one in told if OF_THE_TEAM.encode() in one.body]
        assert not leaks, _lines(leaks)
        assert [one for one in walk.answers if one.who == "ana" and OF_THE_TEAM.encode() in one.body]


class TestTwin:
    """The same questions where a door stands open: they must see it."""

    def test_sees_an_open_door(self, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
        from guiche.core import written
        from guiche.tickets.querysets import TicketQuerySet

        monkeypatch.setattr(TicketQuerySet, "visible_to", lambda self, user: self)
        gate = next(gate for gate in GATES if gate.route == "portal:ticket")
        written.forget()  # what was written while the door was closed
        try:
            with passing_world() as world:
                walk = walking.everything(world, [gate])
        finally:
            written.forget()

        carla = next(one for one in walk.of("GET") if one.who == "carla")
        assert carla.said == "200" != gate.expected("carla")
        assert any(_what(hidden) != _what(missing) for hidden, missing in walk.twins)
        assert any(word.encode() in carla.body for word in OF_ACME)


def _what(answer: Answer) -> tuple[int, str, bytes, list[str]]:
    kept = sorted(name for name in answer.headers if name != "Set-Cookie")
    return answer.status, answer.text, b"" if answer.is_html else answer.body, kept


def _lines(found: Iterable[object]) -> str:
    return "\n".join(sorted(str(one) for one in found))
