"""Letters in an administrator's own words, and what no words can take out of them."""

from html import unescape
from typing import Any

import pytest
from django.utils import translation

from guiche.accounts import letters as access_letters
from guiche.accounts.models import User
from guiche.audit.models import Entry
from guiche.core.errors import NotAllowed
from guiche.installation import actions as installation_actions
from guiche.mail import letters as mail_letters
from guiche.mail.models import OutgoingMail
from guiche.notifications import actions, examples, letters, placeholders, recipients, shapes, wordings
from guiche.notifications.models import Wording
from guiche.notifications.shapes import SHAPES, Shape
from guiche.notifications.wordings import Words, WordsRefused
from guiche.tickets.models import Activity, Ticket
from tests.factories.tickets import NOON, make_ticket

pytestmark = pytest.mark.django_db

SOLUTION = shapes.BY_SLUG["solucao"]
LANGUAGE = "pt-br"


def fresh(activity: Activity) -> Activity:
    return Activity.objects.get(pk=activity.pk)


def letter_to(activity: Activity, address: str) -> letters.Letter:
    [to] = [one for one in recipients.of(fresh(activity)) if one.address == address]
    return letters.compose(fresh(activity), to)


def offered(life: list[Activity]) -> Activity:
    return next(activity for activity in life if activity.kind == "ticket.solution_offered")


def reword(by: User, subject: str, text: str = "", shape: Shape = SOLUTION, language: str = LANGUAGE) -> Wording | None:
    return wordings.write(shape, language, Words(subject, text), by=by, at=NOON)


class TestShipped:
    def test_every_letter_of_the_list_says_what_its_editor_shows(self, life: list[Activity]) -> None:
        """What an administrator starts from is what is sent: saved as shown, it changes no letter."""
        seen = set()
        for activity in life:
            for to in recipients.of(fresh(activity)):
                shape = shapes.of(activity.kind, to.part, at_the_desk=bool(to.user and to.user.at_the_desk))
                if shape is None:
                    continue
                seen.add(shape.code)
                own = {(shape.code, LANGUAGE): wordings.shipped(shape, LANGUAGE)}
                assert letters.compose(fresh(activity), to, own) == letters.compose(fresh(activity), to, {})

        assert len(seen) > 15

    @pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.code)
    def test_uses_only_names_that_exist(self, shape: Shape) -> None:
        words = wordings.shipped(shape, LANGUAGE)

        assert wordings.checked(words) == words

    def test_codes_and_addresses_are_different(self) -> None:
        assert len({shape.code for shape in SHAPES}) == len({shape.slug for shape in SHAPES}) == len(SHAPES)


class TestWrite:
    def test_the_letter_says_the_new_words(self, life: list[Activity], elisa: User) -> None:
        reword(elisa, "{autor} resolveu {titulo}!", "Olá, {pessoa}.\n\nVeja em {portal}.\n{proximo_passo}")

        letter = letter_to(offered(life), "caio@acme.example")

        number = offered(life).ticket.number
        assert letter.subject == f"[#{number}] Ana resolveu Imagens lentas!"
        assert letter.text.startswith("Ana resolveu Imagens lentas!\nOlá, Caio.\n\nVeja em Guichê.\n")
        assert "<p style" in letter.html
        assert ">Ana resolveu Imagens lentas!</h1>" in letter.html

    def test_keeps_what_carries_function(self, life: list[Activity], elisa: User) -> None:
        before = letter_to(offered(life), "caio@acme.example")
        reword(elisa, "Oi")

        after = letter_to(offered(life), "caio@acme.example")

        for kept in ("Você recebe este aviso porque", "silenciar este chamado", "/perfil/avisos/", "/chamados/"):
            assert kept in after.text
            assert kept in after.html
        assert "Reinicie o serviço." in after.text
        assert after.unsubscribe == before.unsubscribe
        assert after.subject.startswith("[#")

    def test_holds_for_its_language_and_its_readers_alone(self, life: list[Activity], elisa: User, caio: User) -> None:
        reword(elisa, "Só em inglês", language="en")
        reword(elisa, "Só a equipe", shape=shapes.BY_SLUG["equipe-chamado-encerrado"])

        assert "Só" not in letter_to(offered(life), "caio@acme.example").subject
        User.objects.filter(pk=caio.pk).update(language="en")
        assert letter_to(offered(life), "caio@acme.example").subject.endswith("Só em inglês")

    def test_a_copy_gets_no_text_and_no_subject_that_names_what_copies_are_not_told(
        self, life: list[Activity], elisa: User
    ) -> None:
        reword(elisa, "{organizacao}: solução", "Aprove no portal.")
        secretive = letter_to(offered(life), "nina@fora.example")
        reword(elisa, "Solução de {titulo}", "Aprove no portal.")
        plain = letter_to(offered(life), "nina@fora.example")

        assert secretive.subject.endswith("Ana entregou uma solução")
        assert plain.subject.endswith("Solução de Imagens lentas")
        assert "Aprove" not in secretive.text + plain.text

    def test_58_67_words_and_values_are_words(self, elisa: User, ana: User, caio: User) -> None:
        opened = shapes.BY_SLUG["chamado-recebido"]
        reword(elisa, "<b>{titulo}</b>", "<script>alert(1)</script> {titulo}", shape=opened)
        ticket = make_ticket(requester=caio, title="<i>{autor} {{7*7}} %(who)s</i>")

        letter = letter_to(ticket.timeline.get(), "caio@acme.example")

        assert "<i>" not in letter.html
        assert "<script>" not in letter.html
        assert "<b>&lt;i" not in letter.html
        assert unescape(letter.html).count("<i>{autor} {{7*7}} %(who)s</i>") >= 2

    @pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028", "\u2029"])
    def test_refuses_a_subject_of_two_lines(self, elisa: User, line_break: str) -> None:
        with translation.override(LANGUAGE), pytest.raises(WordsRefused, match="uma só linha"):
            reword(elisa, f"Oi{line_break}Bcc: eva@evil.example")

    def test_no_header_grows_out_of_a_value(self, elisa: User, caio: User) -> None:
        reword(elisa, "{titulo}", shape=shapes.BY_SLUG["chamado-recebido"])
        ticket = make_ticket(requester=caio)
        Ticket.objects.filter(pk=ticket.pk).update(title="Linha\r\nBcc: eva@evil.example")

        actions.tell(fresh(ticket.timeline.get()), at=NOON)

        letter = OutgoingMail.objects.get(recipient="caio@acme.example")
        assert letter.subject.endswith("Linha Bcc: eva@evil.example")
        message = mail_letters.build(letter)
        assert "Bcc" not in message.message()
        assert message.recipients() == ["caio@acme.example"]

    @pytest.mark.parametrize(
        ("subject", "text", "field", "said"),
        [
            ("", "", "subject", "Escreva o assunto"),
            ("{senha}", "", "subject", "“{senha}”"),
            ("Oi", "um\n{nome}", "text", "Linha 2: “{nome}”"),
            ("Oi", "{autor", "text", "“{autor”"),
            ("x" * 151, "", "subject", "150"),
            ("Oi", "x" * 2001, "text", "2000"),
        ],
    )
    def test_refuses_and_names_the_place(self, elisa: User, subject: str, text: str, field: str, said: str) -> None:
        with translation.override(LANGUAGE), pytest.raises(WordsRefused) as raised:
            reword(elisa, subject, text)

        assert said in raised.value.fields[field]
        assert not Wording.objects.exists()

    def test_only_administrators_do(self, ana: User, bruno: User) -> None:
        for person in (ana, bruno):
            with pytest.raises(NotAllowed):
                reword(person, "Oi")

    def test_is_in_the_trail(self, elisa: User) -> None:
        row = reword(elisa, "Oi", "Texto")

        entry = Entry.objects.get(act="letter.reworded")
        assert (entry.actor, entry.subject_id) == (elisa, str(row.pk if row else ""))
        assert entry.details["subject_line"] == "Oi"

    def test_the_shipped_words_are_no_own_ones(self, elisa: User) -> None:
        reword(elisa, "Oi")

        assert wordings.write(SOLUTION, LANGUAGE, wordings.shipped(SOLUTION, LANGUAGE), by=elisa, at=NOON) is None
        assert not wordings.own(SOLUTION.kind)

    def test_costs_an_event_one_query_whatever_the_number_of_letters(
        self, life: list[Activity], elisa: User, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(1):
            wordings.own("ticket.solution_offered")
        [to, *_others] = recipients.of(fresh(offered(life)))
        activity = Activity.objects.select_related("actor", "comment", "ticket__team", "ticket__status").get(
            pk=offered(life).pk
        )
        letters.compose(activity, to)
        with django_assert_num_queries(1):  # the files
            letters.compose(activity, to, {})


class TestRestore:
    def test_brings_the_shipped_words_back_and_keeps_the_own(self, life: list[Activity], elisa: User) -> None:
        reword(elisa, "Minhas palavras")

        assert wordings.restore(SOLUTION, LANGUAGE, by=elisa, at=NOON)
        assert letter_to(offered(life), "caio@acme.example").subject.endswith("Ana entregou uma solução")
        assert wordings.reuse(SOLUTION, LANGUAGE, by=elisa, at=NOON)
        assert letter_to(offered(life), "caio@acme.example").subject.endswith("Minhas palavras")
        assert [entry.act for entry in Entry.objects.filter(act__startswith="letter.").order_by("id")] == [
            "letter.reworded",
            "letter.restored",
            "letter.reused",
        ]

    def test_twice_changes_nothing(self, elisa: User) -> None:
        reword(elisa, "Minhas palavras")

        assert wordings.restore(SOLUTION, LANGUAGE, by=elisa, at=NOON)
        assert not wordings.restore(SOLUTION, LANGUAGE, by=elisa, at=NOON)

    def test_only_administrators_do(self, elisa: User, ana: User) -> None:
        reword(elisa, "Minhas palavras")

        with pytest.raises(NotAllowed):
            wordings.restore(SOLUTION, LANGUAGE, by=ana, at=NOON)


class TestExamples:
    @pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.code)
    def test_leave_no_name_without_its_value(self, shape: Shape) -> None:
        every = " ".join(f"{{{name}}}" for name in placeholders.NAMES)

        letter = examples.letter(shape, LANGUAGE, Words("{novidade}", every), at=NOON)

        assert "{" not in letter.subject + letter.text
        assert "%(" not in letter.subject + letter.text
        assert "Você recebe este aviso porque" in letter.text

    def test_send_goes_to_who_writes_and_keeps_nothing(self, elisa: User) -> None:
        examples.send(SOLUTION, LANGUAGE, Words("Teste de {autor}", ""), by=elisa, at=NOON)

        posted = OutgoingMail.objects.get()
        assert (posted.recipient, posted.thread) == (elisa.email, "")
        assert posted.subject == "Teste: [#4821] Teste de Rafael"
        assert not Wording.objects.exists()

    def test_send_is_for_administrators(self, ana: User) -> None:
        with pytest.raises(NotAllowed):
            examples.send(SOLUTION, LANGUAGE, Words("Oi", ""), by=ana, at=NOON)


class TestSignature:
    def test_stands_in_every_letter(self, life: list[Activity], elisa: User) -> None:
        installation_actions.change({"signature": "Equipe <Lume>\nRua das Flores, 10"}, by=elisa, at=NOON)

        for address in ("caio@acme.example", "nina@fora.example"):
            letter = letter_to(offered(life), address)
            assert "Equipe <Lume>\nRua das Flores, 10" in letter.text
            assert "Equipe &lt;Lume&gt;<br>Rua das Flores, 10" in letter.html

    def test_stands_in_letters_about_access_too(self, elisa: User, caio: User) -> None:
        installation_actions.change({"signature": "Equipe <Lume>\nRua das Flores, 10"}, by=elisa, at=NOON)

        access_letters.send_password_changed(caio, at=NOON)

        letter = OutgoingMail.objects.get()
        assert "-- \nEquipe <Lume>\nRua das Flores, 10\n\nVocê recebe este e-mail" in letter.text
        assert "Equipe &lt;Lume&gt;<br>Rua das Flores, 10" in letter.html
