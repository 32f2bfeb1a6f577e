"""The letters of events, one by one and as a whole."""

import re
from datetime import timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from django.utils import translation

from guiche.accounts.models import User
from guiche.installation.models import Installation
from guiche.mail import actions as mail_actions
from guiche.mail.models import OutgoingMail
from guiche.notifications import actions, letters, recipients
from guiche.notifications.messages import quoting, tickets
from guiche.notifications.recipients import TOLD, Recipient
from guiche.organizations.models import Membership, Organization
from guiche.tickets.actions import conversation, moving
from guiche.tickets.models import Activity, CopiedAddress, Ticket
from tests.factories.catalog import severity
from tests.factories.tickets import MORNING, NOON, make_ticket

pytestmark = pytest.mark.django_db

# What would be left of a sentence that nobody translated. "e-mail", "status" and "portal" are Portuguese too.
ENGLISH = re.compile(
    r"\b(the|you|your|this|ticket|opened|replied|solution|note|see|because|answer|by itself|closes?|copy|"
    r"team|nobody|files|organi[sz]ation|responsible|monday|tuesday|wednesday|thursday|friday|november|december)\b",
    re.IGNORECASE,
)


def letter_to(activity: Activity, address: str) -> letters.Letter:
    """The letter of `activity`, as the job reads it, to one of those who are told."""
    [to] = [one for one in recipients.of(fresh(activity)) if one.address == address]
    return letters.compose(fresh(activity), to)


def fresh(activity: Activity) -> Activity:
    return Activity.objects.get(pk=activity.pk)


def of_kind(life: list[Activity], kind: str) -> Activity:
    return next(activity for activity in life if activity.kind == kind)


def words(html: str) -> str:
    return unescape(re.sub(r"<(style|title).*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL))


class TestEveryLetter:
    def test_there_is_one_of_each_event(self, life: list[Activity]) -> None:
        assert {activity.kind for activity in life} >= set(TOLD)

    def test_has_no_english_word(self, life: list[Activity]) -> None:
        told = [(activity, one) for activity in life for one in recipients.of(fresh(activity))]
        assert len(told) > 20

        for activity, one in told:
            letter = letters.compose(fresh(activity), one)
            for text in (letter.subject, letter.text, words(letter.html)):
                assert not ENGLISH.search(re.sub(r"https?://\S+|\S+@\S+", "", text)), text

    def test_begins_with_the_news_of_its_subject(self, life: list[Activity]) -> None:
        for activity in life:
            for one in recipients.of(fresh(activity)):
                letter = letters.compose(fresh(activity), one)
                number, news = re.fullmatch(r"\[(#\d+)\] (.+)", letter.subject).groups()  # type: ignore[union-attr]
                assert number == f"#{activity.ticket.number}"
                assert letter.text.startswith(f"{news}.\n")
                assert f">{news}</h1>" in unescape(letter.html)

    def test_says_why_it_came_and_how_to_stop_it(self, life: list[Activity]) -> None:
        for activity in life:
            for one in recipients.of(fresh(activity)):
                letter = letters.compose(fresh(activity), one)
                for text in (letter.text, words(letter.html)):
                    assert "Você recebe este aviso porque" in text
                    assert "silenciar este chamado" in text or "sair da cópia" in text

    def test_has_one_button(self, life: list[Activity]) -> None:
        for activity in life:
            for one in recipients.of(fresh(activity)):
                html = letters.compose(fresh(activity), one).html
                assert html.count("Ver o chamado</a>") == (1 if one.user else 0)

    def test_4_holds_no_token(self, life: list[Activity]) -> None:
        for activity in life:
            for one in recipients.of(fresh(activity)):
                letter = letters.compose(fresh(activity), one)
                links = re.findall(r"https?://[^\s\"<>]+", letter.text + letter.html)
                assert {
                    re.sub(r"(?<=chamados/)\d+/", "N/", link.partition("//")[2].partition("/")[2]) for link in links
                } <= {
                    "chamados/N/",
                    "chamados/N/ainda-preciso/",
                    "mesa/chamados/N/",
                    "perfil/avisos/",
                }

    def test_44_quotes_notes_to_the_desk_alone(self, life: list[Activity]) -> None:
        for activity in life:
            for one in recipients.of(fresh(activity)):
                letter = letters.compose(fresh(activity), one)
                if "Segredo" in letter.text + letter.html + letter.subject:
                    assert one.user
                    assert one.user.at_the_desk
                    assert activity.kind == "ticket.noted"

    def test_44_quotes_no_note_even_to_a_wrong_recipient(self, life: list[Activity], caio: User) -> None:
        wrong = Recipient(
            part=recipients.Part.REQUESTER, user=caio, address=caio.email or "", by_email=True, in_bell=True
        )

        letter = letters.compose(fresh(of_kind(life, "ticket.noted")), wrong)

        assert "Segredo" not in letter.text + letter.html


class TestWords:
    @pytest.mark.parametrize(
        ("kind", "address", "subject"),
        [
            ("ticket.opened", "caio@acme.example", "Beatriz abriu um chamado em seu nome"),
            ("ticket.opened", "nina@fora.example", "Beatriz abriu um chamado"),
            ("ticket.participant_added", "outra@fora.example", "Beatriz pôs você em cópia de um chamado"),
            ("ticket.moved", "caio@acme.example", "Ana mudou o status para “Em atendimento”"),
            ("ticket.noted", "ana@lume.example", "Rui mencionou você em uma nota interna"),
            ("ticket.information_asked", "caio@acme.example", "Ana pediu mais informações"),
            ("ticket.commented", "ana@lume.example", "Caio respondeu"),
            ("ticket.diagnosed", "caio@acme.example", "Rui registrou o diagnóstico"),
            ("ticket.diagnosed", "ana@lume.example", "Rui registrou o diagnóstico"),
            ("ticket.diagnosed", "nina@fora.example", "Rui registrou o diagnóstico"),
            ("ticket.still_needed", "ana@lume.example", "Caio ainda precisa do chamado"),
            ("ticket.solution_offered", "caio@acme.example", "Ana entregou uma solução"),
            ("ticket.solution_rejected", "ana@lume.example", "Caio reprovou a solução"),
            ("ticket.done", "ana@lume.example", "Caio aprovou a solução"),
            ("ticket.reopened", "ana@lume.example", "Caio reabriu o chamado"),
            ("ticket.cancelled", "caio@acme.example", "Ana cancelou o chamado"),
        ],
    )
    def test_the_news(self, life: list[Activity], kind: str, address: str, subject: str) -> None:
        candidates = [activity for activity in life if activity.kind == kind]
        found = [
            letters.compose(fresh(activity), one).subject
            for activity in candidates
            for one in recipients.of(fresh(activity))
            if one.address == address
        ]

        assert any(line.endswith(f"] {subject}") for line in found), found

    def test_names_the_day_on_which_silence_closes(self, ana: User, caio: User, suporte: SimpleNamespace) -> None:
        ticket = make_ticket(requester=caio, assignee=ana, status=suporte.working)
        moving.take(ticket, suporte.offer, by=ana, at=MORNING, given={"solution": "Reinicie."})

        letter = letter_to(ticket.timeline.order_by("id").last(), "caio@acme.example")  # type: ignore[arg-type]

        assert "Aprove ou reprove até segunda, 30 de novembro. Sem resposta, o chamado fecha sozinho." in letter.text

    def test_a_reminder_lets_the_customer_say_that_the_ticket_is_still_needed(self, life: list[Activity]) -> None:
        reminder = of_kind(life, "ticket.closing_soon")
        link = f"/chamados/{reminder.ticket.number}/ainda-preciso/"

        told = {one.address: letters.compose(fresh(reminder), one) for one in recipients.of(fresh(reminder))}

        assert link in told["caio@acme.example"].text
        assert f'{link}">Ainda preciso</a>' in told["caio@acme.example"].html
        assert link not in told["ana@lume.example"].text + told["ana@lume.example"].html
        solution = letter_to(of_kind(life, "ticket.solution_offered"), "caio@acme.example")
        assert "ainda-preciso" not in solution.text + solution.html

    def test_a_status_with_a_percent_sign_is_a_status(self, life: list[Activity], caio: User) -> None:
        activity = of_kind(life, "ticket.moved")
        Activity.objects.filter(pk=activity.pk).update(details={"to": "100% {{7*7}} %(who)s", "to_customer": ""})

        assert "“100% {{7*7}} %(who)s”" in letter_to(activity, "caio@acme.example").subject

    def test_67_templates_in_what_people_type_stay_words(self, ana: User, caio: User) -> None:
        typed = "{{7*7}} {% debug %} {{settings.SECRET_KEY}} {0.class} %(who)s <b>x</b>"
        ticket = make_ticket(requester=caio, title=typed)
        conversation.comment(ticket, by=ana, at=NOON, body=typed)

        letter = letter_to(ticket.timeline.order_by("id").last(), "caio@acme.example")  # type: ignore[arg-type]

        assert letter.text.count(typed) == 2
        assert unescape(letter.html).count("{{7*7}} {% debug %} {{settings.SECRET_KEY}} {0.class} %(who)s") == 2
        assert "<b>x</b>" not in letter.html

    def test_is_in_the_language_of_the_person(self, life: list[Activity], caio: User) -> None:
        User.objects.filter(pk=caio.pk).update(language="en")

        with translation.override("pt-br"):
            letter = letter_to(of_kind(life, "ticket.solution_offered"), "caio@acme.example")

        assert letter.subject.endswith("Ana delivered a solution")
        assert letter.language == "en"

    def test_a_redacted_comment_is_not_quoted(self, ana: User, caio: User, elisa: User) -> None:
        ticket = make_ticket(requester=caio)
        said = conversation.comment(ticket, by=ana, at=NOON, body="O CPF dela é 000")
        conversation.redact(said, by=elisa, at=NOON, reason="Dado pessoal")

        letter = letter_to(ticket.timeline.get(kind="ticket.commented"), "caio@acme.example")

        assert "CPF" not in letter.text + letter.html

    def test_11_links_begin_with_the_address_of_the_installation(
        self, life: list[Activity], settings: SimpleNamespace
    ) -> None:
        settings.ADDRESS = "https://suporte.lume.example"
        activity = of_kind(life, "ticket.solution_offered")

        to_contact = letter_to(activity, "caio@acme.example")
        to_staff = letter_to(of_kind(life, "ticket.done"), "ana@lume.example")

        number = activity.ticket.number
        assert f"https://suporte.lume.example/chamados/{number}/\n" in to_contact.text
        assert f'href="https://suporte.lume.example/mesa/chamados/{number}/"' in to_staff.html
        assert to_contact.unsubscribe == "<https://suporte.lume.example/perfil/avisos/>"

    def test_a_copy_gets_no_link_and_no_page(self, life: list[Activity]) -> None:
        letter = letter_to(of_kind(life, "ticket.opened"), "nina@fora.example")

        assert "href" not in letter.html
        assert "http" not in letter.text
        assert letter.unsubscribe == ""
        assert "peça a Beatriz Barros" in letter.text

    def test_carries_the_brand_and_the_prefix(self, life: list[Activity]) -> None:
        Installation.objects.update_or_create(
            pk=1, defaults={"name": "Lume", "tagline": "Suporte", "brand_hue": 27, "ticket_prefix": "SD-"}
        )
        from guiche.installation import models as installation

        installation.forget()

        letter = letter_to(of_kind(life, "ticket.solution_offered"), "caio@acme.example")

        assert letter.subject.startswith("[SD-")
        assert "Lume Suporte" in letter.html
        assert "#0a6364" not in letter.html


class TestQuoting:
    def test_links_to_our_pages_are_whole(self) -> None:
        assert quoting.html("[veja](/chamados/1/)", address="https://lume.example").count(
            'href="https://lume.example/chamados/1/"'
        )

    def test_links_to_our_pages_are_words_without_an_address(self) -> None:
        assert quoting.html("[veja](/chamados/1/)", address="") == "<p>veja</p>\n"

    def test_pictures_are_named(self) -> None:
        picture = "![tela <x>](/arquivos/00000000-0000-4000-8000-000000000000/)"

        with translation.override("pt-br"):
            shown = quoting.html(picture, address="https://lume.example")

        assert shown == "<p>[imagem: tela &lt;x&gt;]</p>\n"


class TestPost:
    def test_hands_one_letter_per_person_to_the_mail(self, life: list[Activity]) -> None:
        activity = of_kind(life, "ticket.solution_offered")

        for _again in range(2):
            actions.tell(fresh(activity), at=NOON)

        posted = OutgoingMail.objects.filter(event_key=f"ticket-event:{activity.pk}").order_by("recipient")
        assert list(posted.values_list("recipient", flat=True)) == [
            "beatriz@acme.example",
            "bruno@acme.example",
            "caio@acme.example",
            "nina@fora.example",
            "outra@fora.example",
        ]
        assert set(posted.values_list("thread", flat=True)) == {f"ticket-{activity.ticket.number}"}

    def test_letters_of_a_ticket_are_one_thread(self, life: list[Activity]) -> None:
        opened, offered = of_kind(life, "ticket.opened"), of_kind(life, "ticket.solution_offered")

        for activity in (opened, offered):
            actions.tell(fresh(activity), at=NOON)

        first, second = OutgoingMail.objects.filter(recipient="caio@acme.example").order_by("id")
        assert second.in_reply_to == first.message_id
        assert first.in_reply_to == ""

    def test_217_tells_nobody_deactivated_between_the_event_and_its_job(self, life: list[Activity], caio: User) -> None:
        User.objects.filter(pk=caio.pk).update(is_active=False)

        actions.tell(fresh(of_kind(life, "ticket.solution_offered")), at=NOON)

        assert not OutgoingMail.objects.filter(recipient="caio@acme.example").exists()
        assert not caio.bell_items.exists()


class TestIsStillFor:
    """Asked when a letter is about to leave, which may be an hour after it was posted (case 217)."""

    @pytest.fixture
    def posted(self, life: list[Activity]) -> list[OutgoingMail]:
        actions.tell(fresh(of_kind(life, "ticket.solution_offered")), at=NOON)
        return list(OutgoingMail.objects.order_by("recipient"))

    def leaving(self, posted: list[OutgoingMail]) -> set[str]:
        claimed = [mail_actions.claim(mail.pk, at=NOON) for mail in posted]
        return {mail.recipient for mail in claimed if mail}

    def test_all_leave_while_nothing_changes(self, posted: list[OutgoingMail]) -> None:
        assert self.leaving(posted) == {mail.recipient for mail in posted}

    def test_217_not_to_somebody_deactivated_meanwhile(self, posted: list[OutgoingMail], caio: User) -> None:
        User.objects.filter(pk=caio.pk).update(is_active=False)

        assert {mail.recipient for mail in posted} - self.leaving(posted) == {"caio@acme.example"}
        withdrawn = OutgoingMail.objects.get(recipient="caio@acme.example")
        assert (withdrawn.state, "may not read it" in withdrawn.error or "não pode" in withdrawn.error) == (
            "failed",
            True,
        )

    def test_217_not_to_somebody_who_lost_the_ticket_meanwhile(
        self, posted: list[OutgoingMail], bruno: User, beatriz: User
    ) -> None:
        Membership.objects.filter(user__in=[bruno, beatriz]).update(is_active=False)

        assert {mail.recipient for mail in posted} - self.leaving(posted) == {
            "beatriz@acme.example",
            "bruno@acme.example",
        }

    def test_217_not_to_an_address_taken_off_the_copies_meanwhile(self, posted: list[OutgoingMail]) -> None:
        CopiedAddress.objects.filter(address="nina@fora.example").delete()

        assert {mail.recipient for mail in posted} - self.leaving(posted) == {"nina@fora.example"}

    def test_says_nothing_of_other_letters(self) -> None:
        assert letters.is_still_for("first-access:1", "ninguem@fora.example")


class TestNews:
    def test_the_system_speaks_under_the_name_of_the_provider(
        self, caio: User, ana: User, system: User, suporte: SimpleNamespace
    ) -> None:
        ticket = make_ticket(requester=caio, assignee=ana, status=suporte.validating)
        Ticket.objects.filter(pk=ticket.pk).update(closes_at=NOON)
        moving.close_by_silence(ticket, by=system, at=NOON + timedelta(hours=1))

        activity = ticket.timeline.order_by("id").last()

        assert activity
        with translation.override("pt-br"):
            assert (
                tickets.news(activity, "requester", at_the_desk=False) == "O chamado foi fechado por falta de resposta"
            )
            assert tickets.actor_name(activity) == "Guichê"

    def test_sees_no_zone_but_a_good_one(self, caio: User, ana: User, acme: Organization) -> None:
        User.objects.filter(pk=caio.pk).update(time_zone="Marte/Olimpo")
        ticket = make_ticket(requester=caio)
        conversation.comment(ticket, by=ana, at=NOON, body="Oi")

        assert letter_to(ticket.timeline.order_by("id").last(), "caio@acme.example")  # type: ignore[arg-type]


class TestPromise:
    def test_names_the_deadlines_of_a_ticket_that_was_opened(self, beatriz: User, caio: User) -> None:
        ticket = make_ticket(requester=caio, by=beatriz, severity=severity(2))

        letter = letter_to(ticket.timeline.get(kind="ticket.opened"), "caio@acme.example")

        sentence = (
            "Primeira resposta até quarta, 18 de novembro de 2026, às 12h; "
            "solução até quinta, 19 de novembro de 2026, às 11h."
        )
        assert sentence in letter.text
        assert sentence in words(letter.html)

    def test_names_none_where_none_was_promised(self, beatriz: User, caio: User) -> None:
        ticket = make_ticket(requester=caio, by=beatriz, type_slug="sugestao-de-melhoria")

        letter = letter_to(ticket.timeline.get(kind="ticket.opened"), "caio@acme.example")

        assert "olução até" not in letter.text
