"""Letters as they are written: once per event and address, in threads, with nothing injected and nothing given away."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from guiche.mail import actions, letters, lifecycle, secrets, threads
from guiche.mail import folder as mail_folder
from guiche.mail.models import OutgoingMail
from guiche.mail.sending import Postman
from guiche.mail.states import State, wait_after

pytestmark = pytest.mark.django_db
Write = Callable[..., OutgoingMail]
TOKEN = "CANARY-TOKEN-8d1f0c"


class TestWrite:
    def test_writes_one_letter_for_an_event_and_address(self, write: Write) -> None:
        first = write(event_key="ticket.opened:42", to="Ana@Hospital.example")
        again = write(event_key="ticket.opened:42", to="ana@hospital.example ", subject="outra")
        other = write(event_key="ticket.opened:42", to="bruno@hospital.example")

        assert first == again
        assert again.subject != "outra"
        assert other != first

    @pytest.mark.parametrize(
        "address", ["", "ana", "ana@", "a@b.example\r\nBcc: c@d.example", "a@b.example,c@d.example"]
    )
    def test_refuses_what_is_no_address(self, write: Write, address: str) -> None:
        with pytest.raises(ValidationError):
            write(to=address)

    def test_127_lets_no_line_break_start_another_header(self, write: Write) -> None:
        mail = write(
            subject="Oi\r\nBcc: eva@evil.example",
            sender_name='Ana "A"\nTo: eva@evil.example',
            reply_to="a@b.example\r\nX: y",
            list_unsubscribe="<https://a.example>\r\nX: y",
        )

        message = letters.build(mail).message()

        assert message["Bcc"] is None
        assert message["X"] is None
        assert message.get_all("To") == ["ana@hospital.example"]

    def test_writes_names_and_words_that_are_not_ascii(self, write: Write) -> None:
        mail = write(subject="[#42] Solução à vista", sender_name="João Çelik", text="Ação: é", html="<p>é</p>")

        content = letters.build(mail).message().as_bytes()

        parsed = mail_folder.message_from_bytes(content, policy=mail_folder.policy.default)
        assert parsed["Subject"] == "[#42] Solução à vista"
        assert parsed["From"].addresses[0].display_name == "João Çelik"
        assert [part.get_content_type() for part in parsed.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]
        assert parsed.get_body(("plain",)).get_content().strip() == "Ação: é"  # type: ignore[union-attr]

    def test_says_that_a_program_wrote_it(self, write: Write) -> None:
        message = letters.build(write(list_unsubscribe="<https://a.example/x>", language="pt-br")).message()

        assert message["Auto-Submitted"] == "auto-generated"
        assert message["List-Unsubscribe"] == "<https://a.example/x>"
        assert message["Content-Language"] == "pt-br"


class TestThreads:
    def test_all_letters_of_a_thread_refer_to_its_first(self, write: Write) -> None:
        first = write(thread="ticket-42", starts_thread=True)
        second = write(thread="ticket-42")

        message = letters.build(second).message()
        assert message["References"] == message["In-Reply-To"] == first.message_id
        assert letters.build(first).message()["In-Reply-To"] is None
        assert len({first.message_id, second.message_id}) == 2

    def test_73_cannot_be_guessed_from_one_another(self, write: Write, settings: Any) -> None:
        mine = threads.root("ticket-42", "ana@hospital.example")

        assert mine != threads.root("ticket-42", "bruno@hospital.example")
        assert mine != threads.root("ticket-43", "ana@hospital.example")
        assert len(mine.split("@")[0]) > 32
        settings.SECRET_KEY = "another"
        assert threads.root("ticket-42", "ana@hospital.example") != mine


class TestSecret:
    """Abuse case 5."""

    def test_5_is_in_the_letter_and_nowhere_else(self, write: Write, folder: Path) -> None:
        link = f"https://portal.example/primeiro-acesso/{secrets.PLACEHOLDER}/"
        mail = write(text=f"Entre: {link}", html=f"<a href='{link}'>Entrar</a>", secret=TOKEN)
        stored = OutgoingMail.objects.filter(pk=mail.pk).values().get()
        assert TOKEN not in str(stored)
        assert mail.carries_secret

        Postman().carry(mail.pk)

        (letter,) = mail_folder.letters()
        opened = mail_folder.open_letter(letter.name)
        assert opened
        assert f"/{TOKEN}/" in opened.text
        assert f"/{TOKEN}/" in opened.html
        mail.refresh_from_db()
        assert (mail.state, mail.secret) == (State.SENT, "")

    @pytest.mark.parametrize("text", [f"Entre: {TOKEN}", "Entre: nada"])
    def test_5_is_refused_when_the_words_give_it_away_or_leave_it_out(self, write: Write, text: str) -> None:
        with pytest.raises(ValueError, match="placeholder"):
            write(text=text, secret=TOKEN)

    def test_does_not_leave_once_its_time_is_over(self, write: Write, folder: Path) -> None:
        mail = write(text=secrets.PLACEHOLDER, secret=TOKEN, expires_at=timezone.now() - timedelta(seconds=1))

        Postman().carry(mail.pk)

        mail.refresh_from_db()
        assert (mail.state, mail.secret) == (State.FAILED, "")
        assert mail_folder.letters() == []

    def test_fails_when_the_installation_has_another_key(self, write: Write, folder: Path, settings: Any) -> None:
        mail = write(text=secrets.PLACEHOLDER, secret=TOKEN)
        settings.SECRET_KEY = "another"

        Postman().carry(mail.pk)

        mail.refresh_from_db()
        assert (mail.state, mail.error, mail.secret) == (State.FAILED, "SecretLost", "")

    def test_cannot_be_sent_again_once_it_is_gone(self, write: Write, folder: Path) -> None:
        mail = write(text=secrets.PLACEHOLDER, secret=TOKEN)
        actions.claim(mail.pk, at=timezone.now())
        mail.refresh_from_db()
        actions.note_refused(mail, "550 no", at=timezone.now(), address_refused=True)

        with pytest.raises(actions.ResendRefused):
            actions.resend(mail, by=None, at=timezone.now())


class TestFolder:
    def test_keeps_each_letter_in_a_file_of_its_own(self, write: Write, folder: Path) -> None:
        for _number in range(3):
            Postman().carry(write(subject="Ação").pk)

        listed = mail_folder.letters()
        assert [letter.subject for letter in listed] == ["Ação"] * 3
        assert listed[0].recipient == "ana@hospital.example"
        assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())

    @pytest.mark.parametrize("name", ["../secret", "..", "", "a" * 32 + "\n", "A" * 32, "0" * 32])
    def test_103_opens_nothing_but_its_letters(self, folder: Path, name: str) -> None:
        (folder.parent / "secret.eml").write_text("Subject: x\n\n")

        assert mail_folder.open_letter(name) is None


class TestWaiting:
    @pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (500, 60)])
    def test_grows_to_an_hour(self, attempts: int, minutes: int) -> None:
        assert wait_after(attempts) == timedelta(minutes=minutes)


class TestLifecycle:
    def test_says_what_may_follow_every_state(self) -> None:
        assert set(lifecycle.MOVES) == set(State)
        assert lifecycle.MOVES[State.SENT] == frozenset()
