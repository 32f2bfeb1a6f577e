"""The words of letters on their screens: read, previewed, tried, kept, restored; and the sender and signature."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from guiche.accounts.models import User
from guiche.installation.models import Installation
from guiche.mail.models import OutgoingMail
from guiche.notifications import shapes, wordings
from guiche.notifications.models import Wording
from guiche.notifications.wordings import Words
from tests.web.manage.conftest import NOON

pytestmark = pytest.mark.django_db

AT = "/administracao/avisos/solucao/pt-br/"
HTMX = {"HX-Request": "true"}
GOOD = {"subject": "{autor} resolveu {titulo}", "text": "Olá, {pessoa}.\n\n<b>{proximo_passo}</b>"}


def shown(answer: Any) -> str:
    return unescape(answer.content.decode())


def frame(page: str) -> str:
    found = re.search(r'<iframe class="letter" src="([^"]+)"', page)
    assert found
    return unescape(found.group(1))


class TestLetters:
    def test_lists_every_letter_with_its_words(self, administration: Client, elisa: User) -> None:
        wordings.write(shapes.BY_SLUG["solucao"], "pt-br", Words("Resolvido: {titulo}", ""), by=elisa, at=NOON)

        page = shown(administration.get("/administracao/avisos/"))

        for shape in shapes.SHAPES:
            assert f'href="/administracao/avisos/{shape.slug}/pt-br/"' in page
        assert "Resolvido: Imagens demoram a abrir" in page
        assert "Elisa Esteves" in page
        assert page.count("texto próprio") == 1

    def test_is_in_the_menu(self, administration: Client) -> None:
        page = administration.get("/administracao/avisos/").content.decode()

        assert '<a href="/administracao/avisos/" aria-current="page">Avisos e e-mails</a>' in page


class TestLetter:
    def test_starts_from_the_shipped_words(self, administration: Client) -> None:
        page = shown(administration.get(AT))

        assert 'value="{autor} entregou uma solução"' in page
        assert "{proximo_passo}</textarea>" in page
        assert "Rafael entregou uma solução" in page

    def test_keeps_the_words(self, administration: Client, elisa: User) -> None:
        answer = administration.post(AT, GOOD)

        assert answer["Location"] == AT
        row = Wording.objects.get()
        assert (row.letter, row.language, row.subject, row.changed_by) == (
            "customer.solution_offered",
            "pt-br",
            GOOD["subject"],
            elisa,
        )
        assert "Rafael resolveu Imagens demoram a abrir" in shown(administration.get(AT))

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"subject": "{senha}"}, "“{senha}” não está na lista de nomes."),
            ({"subject": "Oi", "text": "um\n\n{nome}"}, "Linha 3: “{nome}” não está na lista de nomes."),
            ({"subject": "Oi\r\nBcc: eva@evil.example"}, "O assunto é uma só linha."),
            ({"subject": ""}, "Escreva o assunto"),
            ({"subject": "Oi", "text": "{autor"}, "Falta o par da chave em “{autor”."),
        ],
    )
    def test_refuses_with_422_names_the_place_and_keeps_what_was_typed(
        self, administration: Client, typed: dict[str, str], said: str
    ) -> None:
        answer = administration.post(AT, {"text": "Minhas palavras", **typed})

        assert answer.status_code == 422
        assert said in shown(answer)
        assert (typed.get("text") or "Minhas palavras") in shown(answer).replace("\r\n", "\n")
        assert not Wording.objects.exists()

    @pytest.mark.parametrize("path", ["solucao/fr/", "nada/pt-br/", "solucao/PT-BR/"])
    def test_there_is_no_other_letter_or_language(self, administration: Client, path: str) -> None:
        assert administration.get(f"/administracao/avisos/{path}").status_code == 404

    def test_each_language_has_its_words(self, administration: Client) -> None:
        administration.post("/administracao/avisos/solucao/en/", {"subject": "Solved: {titulo}", "text": ""})

        assert "Solved:" in shown(administration.get("/administracao/avisos/solucao/en/"))
        assert "Solved:" not in shown(administration.get(AT))


class TestTwoAtOnce:
    def test_the_second_is_told_loses_no_text_and_may_replace(self, administration: Client, elisa: User) -> None:
        seen = hidden(administration.get(AT))
        wordings.write(shapes.BY_SLUG["solucao"], "pt-br", Words("De outra pessoa", ""), by=elisa, at=NOON)

        refused = administration.post(AT, {**GOOD, "seen": seen})

        assert refused.status_code == 422
        assert "mudou este texto enquanto você escrevia: “De outra pessoa”" in shown(refused)
        assert f'value="{GOOD["subject"]}"' in shown(refused)
        assert Wording.objects.get().subject == "De outra pessoa"
        assert administration.post(AT, {**GOOD, "seen": hidden(refused)}).status_code == 302
        assert Wording.objects.get().subject == GOOD["subject"]

    def test_restoring_counts_as_a_change(self, administration: Client, elisa: User) -> None:
        administration.post(AT, GOOD)
        seen = hidden(administration.get(AT))
        wordings.restore(shapes.BY_SLUG["solucao"], "pt-br", by=elisa, at=NOON)

        assert administration.post(AT, {**GOOD, "seen": seen}).status_code == 422


def hidden(answer: Any) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', answer.content.decode())
    assert found
    return unescape(found.group(1))


class TestPreview:
    def test_shows_the_letter_of_what_is_typed_and_keeps_nothing(self, administration: Client) -> None:
        fragment = administration.post(f"{AT}previa/", GOOD, headers=HTMX)

        assert "<html" not in fragment.content.decode()
        assert "[#4821] Rafael resolveu Imagens demoram a abrir" in shown(fragment)
        assert "Olá, Célia." in shown(fragment)
        letter = administration.get(frame(fragment.content.decode()))
        assert "&lt;b&gt;Aprove ou reprove" in letter.content.decode()
        assert not Wording.objects.exists()

    def test_without_javascript_is_the_whole_page(self, administration: Client) -> None:
        page = administration.post(f"{AT}previa/", GOOD)

        assert page.status_code == 200
        assert 'value="{autor} resolveu {titulo}"' in shown(page)
        assert "[#4821] Rafael resolveu Imagens demoram a abrir" in shown(page)

    @pytest.mark.parametrize("headers", [HTMX, {}])
    def test_says_what_cannot_be(self, administration: Client, headers: dict[str, str]) -> None:
        answer = administration.post(f"{AT}previa/", {"subject": "{senha}", "text": ""}, headers=headers)

        assert answer.status_code == 422
        assert "“{senha}” não está na lista de nomes." in shown(answer)
        assert "<iframe" not in shown(answer)

    def test_61_the_frame_may_do_nothing(self, administration: Client) -> None:
        page = administration.get(AT).content.decode()
        letter = administration.get(frame(page))

        assert 'sandbox="allow-popups"' in page
        policy = letter.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "sandbox allow-popups" in policy
        assert letter.headers["X-Frame-Options"] == "SAMEORIGIN"

    @pytest.mark.parametrize("sealed", ["", "x", "a:b:c", "WyJPaSIsICIiXQ:1vMBcl:AAAA", "\x00"])
    def test_shows_no_words_that_it_did_not_seal(self, administration: Client, sealed: str) -> None:
        assert administration.get(f"{AT}carta/", {"c": sealed}).status_code == 404
        assert administration.get(f"{AT}carta/").status_code == 404


class TestTry:
    def test_sends_what_is_typed_to_who_types(self, administration: Client, elisa: User) -> None:
        answer = administration.post(f"{AT}teste/", GOOD, headers=HTMX)

        assert f"Teste enviado para {elisa.email}" in answer.headers["HX-Trigger"].encode().decode("unicode_escape")
        letter = OutgoingMail.objects.get()
        assert letter.recipient == elisa.email
        assert letter.subject == "Teste: [#4821] Rafael resolveu Imagens demoram a abrir"
        assert not Wording.objects.exists()

    def test_without_javascript_keeps_what_is_typed(self, administration: Client) -> None:
        page = administration.post(f"{AT}teste/", GOOD)

        assert 'value="{autor} resolveu {titulo}"' in shown(page)
        assert "Teste enviado para" in shown(page)

    def test_sends_nothing_that_could_not_be_kept(self, administration: Client) -> None:
        assert administration.post(f"{AT}teste/", {"subject": "{x}"}).status_code == 422
        assert not OutgoingMail.objects.exists()


class TestRestore:
    def test_and_taking_it_again(self, administration: Client) -> None:
        administration.post(AT, GOOD)

        administration.post(f"{AT}original/")
        restored = shown(administration.get(AT))
        administration.post(f"{AT}retomar/")
        again = shown(administration.get(AT))

        assert 'value="{autor} entregou uma solução"' in restored
        assert "Retomar o meu texto" in restored
        assert "Retomar" not in again
        assert 'value="{autor} resolveu {titulo}"' in again
        assert "Texto próprio de e-mail retomado" in again

    def test_is_offered_only_where_there_are_own_words(self, administration: Client) -> None:
        assert "Restaurar o texto original" not in shown(administration.get(AT))


class TestSender:
    def test_keeps_both(self, administration: Client) -> None:
        answer = administration.post(
            "/administracao/avisos/remetente/",
            {"sender_name": "Lume Suporte", "signature": "Equipe Lume\r\n(11) 4000-0000"},
        )

        assert answer["Location"] == "/administracao/avisos/"
        row = Installation.objects.get()
        assert (row.sender_name, row.signature) == ("Lume Suporte", "Equipe Lume\n(11) 4000-0000")
        assert "(11) 4000-0000" in shown(administration.get(frame(administration.get(AT).content.decode())))

    def test_refuses_what_is_too_long(self, administration: Client) -> None:
        answer = administration.post("/administracao/avisos/remetente/", {"signature": "linha\n" * 7})

        assert answer.status_code == 422
        assert "até 6 linhas" in shown(answer)
