"""Opening a ticket through its addresses: the form, its helpers, the confirmation."""

import re
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from guiche.accounts import attempts
from guiche.accounts.models import User
from guiche.catalog.conditions import Condition
from guiche.catalog.fields import Kind
from guiche.catalog.fields import StandardField as F
from guiche.catalog.models import RequestType, Service
from guiche.drafts import actions as drafts
from guiche.drafts.models import Draft
from guiche.files import actions as files
from guiche.files.models import StoredFile
from guiche.installation import models as installation
from guiche.organizations.models import Organization
from guiche.tickets.models import Attachment, Ticket
from tests.factories import catalog as make
from tests.factories.organizations import make_membership
from tests.factories.tickets import make_ticket
from tests.factories.workflows import suporte
from tests.files import samples

pytestmark = pytest.mark.django_db
FULL = (
    *((F.ON_BEHALF_OF, False), (F.TITLE, True), (F.PRODUCT, True), (F.FAILURE, False), (F.SEVERITY, True)),
    *((F.DESCRIPTION, True), (F.ATTACHMENTS, False), (F.CONTACT, True), (F.CONTACT_EMAIL, True), (F.COPIES, False)),
)


@pytest.fixture(autouse=True)
def files_root(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    settings.CLAMD = ""
    return tmp_path / "files"


@pytest.fixture
def kind(db: None) -> RequestType:
    return make.make_request_type(form=((F.TITLE, True), (F.DESCRIPTION, True), (F.ATTACHMENTS, False)))


def door(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(kind: RequestType, tail: str = "") -> str:
    return f"/chamados/novo/{kind.slug}/{tail}"


def filled(**more: Any) -> dict[str, Any]:
    return {"title": "Impressora não imprime", "description": "Desde ontem.", "once_key": str(uuid.uuid4()), **more}


def keep(user: User, content: bytes = b"um relato", name: str = "relato.txt") -> StoredFile:
    return files.keep(samples.upload(content, name), by=user, at=timezone.now())


class TestNew:
    def test_shows_the_types_by_section_with_their_sentences(self, bruno: User) -> None:
        make.load_shipped()

        page = door(bruno).get("/chamados/novo/").content.decode()

        assert "Erro, lentidão ou sistema fora do ar" in page
        assert "/chamados/novo/ouvidoria/" in page
        assert "/chamados/novo/chamado-tecnico/" not in page  # off until field service is there

    def test_leaves_out_what_is_not_for_this_customer(self, bruno: User, bela: Organization) -> None:
        inside = make.make_request_type(is_for_customers=False)
        bound = make.make_request_type()
        bound.products.add(make.make_product(organizations=[bela]))

        page = door(bruno).get("/chamados/novo/").content.decode()

        assert address(inside) not in page
        assert address(bound) not in page

    def test_keeps_the_product_it_is_narrowed_to(self, bruno: User, kind: RequestType) -> None:
        product, other = make.make_product(), make.make_product()
        of_other = make.make_request_type()
        of_other.products.add(other)

        page = door(bruno).get(f"/chamados/novo/?produto={product.slug}").content.decode()

        assert f"{address(kind)}?produto={product.slug}" in page
        assert address(of_other) not in page

    def test_asks_who_belongs_to_several_for_which_one(
        self, bruno: User, acme: Organization, bela: Organization
    ) -> None:
        make_membership(user=bruno, organization=bela)
        client = door(bruno)

        page = client.get(f"/chamados/novo/?organizacao={bela.pk}").content.decode()

        assert f'<option value="{bela.pk}" selected>' in page
        assert f"organizacao={bela.pk}" in page

    def test_is_not_there_for_a_foreign_organisation(self, bruno: User, bela: Organization) -> None:
        assert door(bruno).get(f"/chamados/novo/?organizacao={bela.pk}").status_code == 404

    def test_is_for_customers(self, ana: User, elisa: User) -> None:
        assert [door(user).get("/chamados/novo/").status_code for user in (ana, elisa)] == [403, 403]
        assert Client().get("/chamados/novo/").status_code == 302


class TestForm:
    def test_answers_404_for_what_is_not_offered(self, bruno: User, bela: Organization) -> None:
        inside, old, bound = (
            make.make_request_type(is_for_customers=False),
            make.make_request_type(is_active=False),
            None,
        )
        bound = make.make_request_type()
        bound.products.add(make.make_product(organizations=[bela]))
        client = door(bruno)

        for one in (inside, old, bound):
            assert client.get(address(one)).status_code == 404
            assert client.post(address(one), filled()).status_code == 404
            assert client.post(address(one, "rascunho/"), filled()).status_code == 404
        assert client.get("/chamados/novo/nao-existe/").status_code == 404
        assert not Ticket.objects.exists()

    def test_is_filled_in_with_the_contact(self, bruno: User) -> None:
        page = door(bruno).get(address(make.shipped_type())).content.decode()

        assert 'name="contact_name" id="id_contact_name" value="Bruno Braga"' in page

    def test_says_to_call_when_everything_stopped(self, bruno: User) -> None:
        installation.Installation.objects.update_or_create(pk=1, defaults={"phone": "(11) 4000-0000"})
        installation.forget()

        page = door(bruno).get(address(make.shipped_type())).content.decode()

        assert page.count("Ligue também: (11) 4000-0000") == 1

    def test_begins_with_the_product_of_the_page_before(self, bruno: User) -> None:
        make.make_product()
        product = make.make_product()

        page = door(bruno).get(f"{address(make.shipped_type())}?produto={product.slug}").content.decode()

        assert f'<option value="{product.pk}" selected>' in page

    @pytest.mark.parametrize("many", [1, 40])
    def test_costs_at_most_twelve_queries(
        self, beatriz: User, acme: Organization, many: int, django_assert_max_num_queries: Any
    ) -> None:
        """The whole form, with a draft that fills all of it in and has a file."""
        kind = make.make_request_type(form=FULL, severity_source="chosen")
        product = make.make_product()
        for number in range(many):
            make_membership(organization=acme)
            make.make_failure(product=product)
            make.make_product()
            module = make.make_module(product=product)
            for _service in range(many if number == many - 1 else 1):
                service = make.make_service(module=module)
        typed = {"title": "t", "product": product.pk, "module": module.pk, "service": service.pk}
        content = {name: str(value) for name, value in typed.items()}
        drafts.save(beatriz, f"opening:{kind.slug}-{acme.pk}", content, [keep(beatriz)], at=timezone.now())
        client = door(beatriz)
        client.get("/chamados/novo/")  # the brand is read once for many pages

        with django_assert_max_num_queries(12):
            page = client.get(address(kind)).content.decode()

        assert "relato.txt" in page

    def test_looks_for_similar_tickets_at_once_when_a_draft_has_a_title(self, bruno: User, acme: Organization) -> None:
        kind = make.make_request_type()
        client = door(bruno)
        empty = client.get(address(kind)).content.decode()
        drafts.save(bruno, f"opening:{kind.slug}-{acme.pk}", {"title": "Parou"}, [], at=timezone.now())

        restored = client.get(address(kind)).content.decode()

        assert 'delay:600ms"' in empty
        assert 'delay:600ms, load"' in restored

    def test_opens_when_enter_is_pressed_without_javascript(self, bruno: User) -> None:
        """The first button of the form, in the order of the page, opens the ticket and updates nothing."""
        make.make_product()
        page = door(bruno).get(address(make.shipped_type())).content.decode()

        ours = [tag for tag in re.findall(r"<button[^>]*>", page[page.index("<once-submit") :]) if "type=" not in tag]

        assert 'form="abertura"' in ours[0]
        assert "formaction" not in ours[0]
        assert any("formaction" in tag for tag in ours[1:])

    def test_shows_where_it_goes_on_from(self, bruno: User, carla: User, kind: RequestType) -> None:
        before, foreign = make_ticket(requester=bruno), make_ticket(requester=carla)
        client = door(bruno)

        page = client.get(f"{address(kind)}?continua={before.number}").content.decode()

        assert f"Continua o chamado #{before.number}" in page
        assert client.get(f"{address(kind)}?continua={foreign.number}").status_code == 404
        assert client.get(f"{address(kind)}?continua=x").status_code == 404


class TestOpen:
    def test_opens_a_ticket_and_shows_its_number(self, bruno: User, acme: Organization, kind: RequestType) -> None:
        answer = door(bruno).post(address(kind), filled(), follow=True)

        ticket = Ticket.objects.get()
        assert answer.redirect_chain == [(f"/chamados/{ticket.number}/aberto/", 302)]
        assert (ticket.organization, ticket.requester, ticket.channel) == (acme, bruno, "portal")
        page = answer.content.decode()
        assert f"#{ticket.number}" in page
        assert "bruno@acme.example" in page
        assert "spam" in page

    def test_keeps_everything_when_something_is_missing(self, bruno: User, kind: RequestType) -> None:
        stored = keep(bruno)
        key = str(uuid.uuid4())

        answer = door(bruno).post(
            address(kind), {"description": "Desde ontem", "files": str(stored.pk), "once_key": key}
        )

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "<title>Erro: " in page
        assert "Falta 1 informação para abrir o chamado" in page
        assert "Diga em poucas palavras o que está acontecendo." in page
        assert "Desde ontem" in page
        assert str(stored.pk) in page
        assert key in page
        assert not Ticket.objects.exists()

    def test_takes_files_without_javascript_and_keeps_them_when_something_is_missing(
        self, bruno: User, kind: RequestType
    ) -> None:
        client = door(bruno)

        refused = client.post(address(kind), {**filled(), "title": "", "files-new": samples.upload(b"um", "um.txt")})
        stored = StoredFile.objects.get()
        client.post(
            address(kind), {**filled(), "files": str(stored.pk), "files-new": samples.upload(b"dois", "dois.txt")}
        )

        assert "um.txt" in refused.content.decode()
        names = [row.file.name for row in Ticket.objects.get().attachments.select_related("file")]
        assert names == ["um.txt", "dois.txt"]

    def test_names_a_file_of_a_wrong_kind_and_keeps_the_others(self, bruno: User, kind: RequestType) -> None:
        sent = [samples.upload(b"MZ" + bytes(200), "conta.exe"), samples.upload(b"um", "um.txt")]

        answer = door(bruno).post(address(kind), {**filled(), "files-new": sent})

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "conta.exe" in page
        assert [stored.name for stored in StoredFile.objects.all()] == ["um.txt"]
        assert "um.txt" in page

    def test_106_takes_ten_files_and_not_eleven(self, bruno: User, kind: RequestType) -> None:
        client = door(bruno)
        ten = [str(keep(bruno, str(number).encode()).pk) for number in range(10)]

        refused = client.post(address(kind), {**filled(), "files": [*ten, str(keep(bruno).pk)]})
        opened = client.post(address(kind), {**filled(), "files": ten})

        assert refused.status_code == 422
        assert "São 11 arquivos e o limite é 10" in refused.content.decode()
        assert opened.status_code == 302
        assert Attachment.objects.count() == 10

    def test_106_says_of_eleven_new_files_that_they_are_too_many(self, bruno: User, kind: RequestType) -> None:
        sent = [samples.upload(str(number).encode(), f"{number}.txt") for number in range(11)]

        answer = door(bruno).post(address(kind), filled(**{"files-new": sent}))

        assert answer.status_code == 422
        assert "São 11 arquivos e o limite é 10" in answer.content.decode()
        assert not Ticket.objects.exists()

    def test_106_reads_no_request_with_many_more(self, bruno: User, kind: RequestType) -> None:
        sent = [samples.upload(str(number).encode(), f"{number}.txt") for number in range(41)]

        assert door(bruno).post(address(kind), filled(**{"files-new": sent})).status_code == 400
        assert not StoredFile.objects.exists()

    def test_106_checks_every_file_of_a_request(self, bruno: User, kind: RequestType, settings: Any) -> None:
        settings.FILE_SIZE_LIMIT = 1000
        sent = [samples.upload(b"a" * 1000, "cabe.txt"), samples.upload(b"a" * 1001, "grande.txt")]

        page = door(bruno).post(address(kind), {**filled(), "files-new": sent}).content.decode()

        assert "grande.txt" in page
        assert not Ticket.objects.exists()

    def test_37_leaves_the_files_of_others_alone(self, bruno: User, caio: User, carla: User, kind: RequestType) -> None:
        mine = make_ticket(requester=bruno, files=[keep(bruno)])
        sent_already = mine.attachments.get().file
        client = door(bruno)

        for stored in (keep(carla), keep(caio), sent_already):
            answer = client.post(address(kind), {**filled(), "files": str(stored.pk)})
            draft = client.post(address(kind, "rascunho/"), {**filled(), "files": str(stored.pk)})
            assert answer.status_code == 422
            assert "não está mais aqui" in answer.content.decode()
            assert draft.status_code == 200
        assert Attachment.objects.count() == 1
        assert not Draft.objects.get().files.exists()
        assert StoredFile.objects.count() == 3

    def test_47_opens_nothing_for_a_foreign_organisation(
        self, bruno: User, bela: Organization, kind: RequestType
    ) -> None:
        assert door(bruno).post(address(kind), filled(organization=bela.pk)).status_code == 404
        assert not Ticket.objects.exists()

    def test_47_names_no_requester_of_another_organisation(self, beatriz: User, carla: User, bruno: User) -> None:
        kind = make.make_request_type()
        client = door(beatriz)

        refused = client.post(address(kind), filled(on_behalf_of=carla.pk))
        opened = client.post(address(kind), filled(on_behalf_of=bruno.pk))

        assert refused.status_code == 422
        assert opened.status_code == 302
        assert (Ticket.objects.get().requester, Ticket.objects.get().opened_by) == (bruno, beatriz)

    def test_143_ignores_what_the_form_does_not_ask(self, bruno: User, carla: User, kind: RequestType) -> None:
        extra = {"opened_by": carla.pk, "requester": carla.pk, "on_behalf_of": carla.pk, "status": 1, "team": 1}
        more = {"number": 7, "assignee": carla.pk, "channel": "import", "outcome": "approved", "is_reserved": 1}

        door(bruno).post(address(kind), filled(**extra, **more))

        ticket = Ticket.objects.get()
        assert (ticket.requester, ticket.opened_by, ticket.assignee) == (bruno, bruno, None)
        assert (ticket.channel, ticket.outcome) == ("portal", "")

    def test_links_a_ticket_to_the_one_it_goes_on_from(self, bruno: User, carla: User, kind: RequestType) -> None:
        before, foreign = make_ticket(requester=bruno), make_ticket(requester=carla)
        client = door(bruno)

        client.post(address(kind), filled(continua=before.number))

        assert Ticket.objects.order_by("-id").first().follow_up_of == before
        assert client.post(address(kind), filled(continua=foreign.number)).status_code == 404

    def test_a_ticket_that_goes_on_starts_with_what_the_other_was_about(self, bruno: User) -> None:
        kind = make.make_request_type(form=FULL)
        service = make.make_service(module=make.make_module(product=make.make_product()))
        failure = make.make_failure(product=service.module.product)
        for _one in range(2):  # neither is the only one, which would be chosen anyway
            make.make_product(), make.make_failure(product=failure.product), make.make_service(module=service.module)
            make.make_module(product=failure.product)
        about = {"product": failure.product, "module": service.module, "service": service, "failure": failure}
        before = make_ticket(requester=bruno, **about)
        drafts.save(bruno, f"opening:{kind.slug}-{before.organization_id}", {"title": "Outro"}, [], at=timezone.now())
        client = door(bruno)

        page = client.get(address(kind), {"continua": before.number}).content.decode()

        for name, row in about.items():
            box = re.search(rf'<select[^>]* name="{name}".*?</select>', page, re.DOTALL)
            assert f'<option value="{row.pk}" selected' in box[0]
        assert 'value="Outro"' not in page

    def test_the_draft_of_a_ticket_that_goes_on_is_its_own(self, bruno: User, kind: RequestType) -> None:
        before = make_ticket(requester=bruno)
        client = door(bruno)

        client.post(address(kind, "rascunho/"), {"title": "Continua", "continua": before.number})

        assert "Continua" not in client.get(address(kind)).content.decode()
        assert "Continua" in client.get(address(kind), {"continua": before.number}).content.decode()
        again = client.post(address(kind, "rascunho/"), {"discard": "1", "continua": before.number})
        assert f"continua={before.number}" in again["Location"]
        assert not Draft.objects.exists()

    def test_goes_on_in_the_company_of_the_first_ticket(
        self, bruno: User, bela: Organization, kind: RequestType
    ) -> None:
        make_membership(user=bruno, organization=bela)
        ended = make_ticket(requester=bruno, organization=bela, request_type=kind, status=suporte().closed)
        client = door(bruno)

        page = client.get(f"/chamados/{ended.number}/").content.decode()
        link = unescape(re.search(r'href="(/chamados/novo/[^"]*continua[^"]*)"', page)[1])

        assert client.get(link).status_code == 200

    def test_says_beside_the_field_what_the_action_refuses(self, bruno: User, kind: RequestType) -> None:
        make.make_form_field(request_type=kind, standard=F.COPIES)

        answer = door(bruno).post(address(kind), filled(copies="torto"))

        assert answer.status_code == 422
        assert "torto" in answer.content.decode()

    def test_case_083_keeps_the_form_of_who_copied_too_many(self, bruno: User, kind: RequestType) -> None:
        make.make_form_field(request_type=kind, standard=F.COPIES)
        for _ in range(attempts.COPIES_OF_PERSON.count - 1):
            attempts.take(attempts.COPIES_OF_PERSON, str(bruno.pk), at=timezone.now())

        answer = door(bruno).post(address(kind), filled(copies="um@fora.example, dois@fora.example"))

        assert answer.status_code == 422
        assert "Você já incluiu 100 endereços em cópia" in answer.content.decode()
        assert "um@fora.example, dois@fora.example" in answer.content.decode()
        assert "Impressora não imprime" in answer.content.decode()
        assert not Ticket.objects.exists()


class TestOnce:
    """Abuse case 208."""

    def test_208_the_same_form_opens_one_ticket(self, bruno: User, kind: RequestType) -> None:
        client, form = door(bruno), filled(files=str(keep(bruno).pk))

        answers = [client.post(address(kind), form) for _ in range(3)]

        assert {answer.status_code for answer in answers} == {302}
        assert len({answer["Location"] for answer in answers}) == 1
        assert Ticket.objects.count() == 1

    def test_208_reading_the_confirmation_again_opens_nothing(self, bruno: User, kind: RequestType) -> None:
        client = door(bruno)
        confirmation = client.post(address(kind), filled())["Location"]

        assert [client.get(confirmation).status_code for _ in range(5)] == [200] * 5
        assert Ticket.objects.count() == 1

    def test_208_an_old_page_used_for_another_matter_says_so(self, bruno: User, kind: RequestType) -> None:
        client, form = door(bruno), filled()
        client.post(address(kind), form)

        page = client.post(address(kind), {**form, "title": "Outra coisa bem diferente"}, follow=True).content.decode()

        assert "Esta página já tinha aberto o chamado" in page

    def test_208_the_key_of_somebody_else_is_nothing(self, bruno: User, carla: User, kind: RequestType) -> None:
        form = filled()
        door(bruno).post(address(kind), form)

        assert door(carla).post(address(kind), form).status_code == 302
        assert Ticket.objects.count() == 2

    @pytest.mark.parametrize("key", ["", "x", "0" * 4000])
    def test_a_broken_key_opens_all_the_same(self, bruno: User, kind: RequestType, key: str) -> None:
        assert door(bruno).post(address(kind), filled(once_key=key)).status_code == 302


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestOnceInParallel:
    """Abuse case 208: twenty times the same form at the same moment."""

    def opened(self, user: User, kind: RequestType) -> tuple[int, set[int]]:
        """Return how many tickets twenty parallel presses open, and the statuses that they were answered with."""
        form, together = filled(), Barrier(20)
        clients = [door(user) for _ in range(20)]

        def press(client: Client) -> int:
            together.wait(timeout=30)
            try:
                return client.post(address(kind), form).status_code
            finally:
                connections.close_all()

        with ThreadPoolExecutor(20) as pool:
            statuses = set(pool.map(press, clients))
        return Ticket.objects.filter(title=form["title"]).count(), statuses

    def test_208_opens_one_ticket(self, bruno: User) -> None:
        assert self.opened(bruno, make.make_request_type()) == (1, {302})

    def test_208_would_open_several_without_the_key_of_the_database(self, bruno: User, loose_key: None) -> None:
        count, _statuses = self.opened(bruno, make.make_request_type())

        assert count > 1

    @pytest.fixture
    def loose_key(self, transactional_db: None) -> Iterator[None]:
        """Take the unique key off, and put it back when the tickets are gone."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE conrelid = 'tickets_ticket'::regclass AND contype = 'u' "
                "AND pg_get_constraintdef(oid) LIKE '%once_key%'"
            )
            name, definition = cursor.fetchone()
            cursor.execute(f'ALTER TABLE tickets_ticket DROP CONSTRAINT "{name}"')
        yield
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE tickets_ticket CASCADE")
            cursor.execute(f'ALTER TABLE tickets_ticket ADD CONSTRAINT "{name}" {definition}')


class TestSimilar:
    def test_shows_an_open_ticket_that_says_the_same(self, bruno: User, beatriz: User) -> None:
        ticket = make_ticket(requester=beatriz, title="Impressora não imprime em DICOM")

        page = door(bruno).get("/chamados/novo/semelhantes/?title=impressora nao imprime dicom").content.decode()

        assert f"#{ticket.number}" in page
        assert "Beatriz Barros" in page

    def test_34_shows_nothing_of_others(self, bruno: User, caio: User, carla: User) -> None:
        make_ticket(requester=bruno, title="Impressora não imprime em DICOM")

        for user in (caio, carla):
            page = door(user).get("/chamados/novo/semelhantes/?title=Impressora não imprime em DICOM").content
            assert b"Impressora n\xc3\xa3o imprime em DICOM</a>" not in page
            assert b"Bruno" not in page

    def test_is_not_looked_for_again_when_it_was_while_typing(self, bruno: User, kind: RequestType) -> None:
        make_ticket(requester=bruno, title="Impressora não imprime")
        form = filled()
        client = door(bruno)

        shown = client.get("/chamados/novo/semelhantes/", {"title": form["title"]}).content.decode()

        assert f'name="similar-for" value="{form["title"]}"' in shown
        assert client.post(address(kind), {**form, "similar-for": "Outro título"}).status_code == 422
        assert client.post(address(kind), {**form, "similar-for": form["title"]}).status_code == 302

    def test_stops_the_first_press_and_not_the_second(self, bruno: User, kind: RequestType) -> None:
        client, ticket = door(bruno), make_ticket(requester=bruno, title="Impressora não imprime")
        form = filled()

        first = client.post(address(kind), form)
        second = client.post(address(kind), {**form, "similar": str(ticket.number)})

        assert first.status_code == 422
        assert "use “Abrir chamado” mais uma vez" in first.content.decode()
        assert f'name="similar" value="{ticket.number}"' in first.content.decode()
        assert second.status_code == 302


class TestHelp:
    @pytest.fixture
    def catalog(self, acme: Organization) -> dict[str, Any]:
        product = make.make_product(name="PACS", organizations=[acme])
        module = make.make_module(product=product, name="Impressão")
        return {
            "product": product,
            "module": module,
            "service": make.make_service(module=module, name="Fila de impressão"),
            "failure": make.make_failure(product=product, name="Lentidão"),
        }

    def test_finds_what_fits_the_letters(self, bruno: User, catalog: dict[str, Any]) -> None:
        client = door(bruno)
        above = f"product={catalog['product'].pk}&module={catalog['module'].pk}"

        for path, name, words in (
            ("produtos", "product", "pac"),
            ("modulos", "module", "impressao"),
            ("servicos", "service", "fila"),
            ("falhas", "failure", "lentid"),
        ):
            page = client.get(f"/chamados/novo/{path}/?{above}&{name}-text={words}").content.decode()
            assert f'data-value="{catalog[name].pk}"' in page, path

    def test_34_finds_nothing_that_the_organisation_does_not_have(self, carla: User, catalog: dict[str, Any]) -> None:
        client = door(carla)
        above = f"product={catalog['product'].pk}&module={catalog['module'].pk}"

        for path in ("produtos", "modulos", "servicos", "falhas"):
            assert "data-value" not in client.get(f"/chamados/novo/{path}/?{above}").content.decode()

    def test_finds_among_five_thousand(
        self, bruno: User, catalog: dict[str, Any], django_assert_max_num_queries: Any
    ) -> None:
        Service.objects.bulk_create(
            Service(module=catalog["module"], name=f"Serviço de número {number:04}") for number in range(5000)
        )
        client = door(bruno)
        client.get("/chamados/novo/")

        with django_assert_max_num_queries(7):
            page = client.get(f"/chamados/novo/servicos/?module={catalog['module'].pk}&service-text=servico 4321")

        assert page.content.decode().count("data-value") == 1

    @pytest.mark.parametrize("key", ["", "x", "-1", "9" * 30, "1 OR 1=1"])
    def test_survives_what_is_no_id(self, bruno: User, key: str) -> None:
        assert door(bruno).get("/chamados/novo/servicos/", {"module": key, "service-text": "\x00%_"}).status_code == 200

    def test_lists_people_for_portal_administrators_only(
        self, beatriz: User, bruno: User, carla: User, ana: User, acme: Organization
    ) -> None:
        words = "?on_behalf_of-text=br"

        found = door(beatriz).get(f"/chamados/novo/pessoas/{words}").content.decode()

        assert "bruno@acme.example" in found
        assert "carla" not in found
        assert door(bruno).get(f"/chamados/novo/pessoas/{words}").status_code == 404
        assert door(ana).get(f"/chamados/novo/pessoas/{words}").status_code == 403
        assert "bruno" not in door(carla).get(f"/chamados/novo/pessoas/{words}").content.decode()
        assert door(carla).get(f"/chamados/novo/pessoas/{words}&organization={acme.pk}").status_code == 404

    def test_names_colleagues_in_a_custom_field_to_who_reaches_all(self, bruno: User, caio: User) -> None:
        words = "?custom-1-text=cai"

        assert "caio@acme.example" in door(bruno).get(f"/chamados/novo/pessoas/{words}").content.decode()
        assert door(caio).get(f"/chamados/novo/pessoas/{words}").status_code == 404


class TestFields:
    """A choice changes what else is asked."""

    @pytest.fixture
    def kind(self) -> RequestType:
        kind = make.make_request_type(form=((F.TITLE, True), (F.PRODUCT, True), (F.FAILURE, False)))
        place = make.make_custom_field(name="Onde", kind=Kind.CHOICE, choices=["Casa", "Hospital"])
        make.make_form_field(request_type=kind, custom=place)
        room = make.make_custom_field(name="Qual sala", kind=Kind.TEXT)
        make.make_form_field(request_type=kind, custom=room, when=[Condition(f"custom-{place.pk}", "Hospital")])
        self.place, self.room = f"custom-{place.pk}", f"custom-{room.pk}"
        return kind

    def change(self, user: User, kind: RequestType, decider: str, typed: dict[str, Any]) -> str:
        headers = {"HX-Request": "true", "HX-Trigger": f"decides-{decider}"}
        answer = door(user).post(address(kind, "campos/"), typed, headers=headers)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_a_product_brings_its_modules_and_only_what_hangs_on_it(self, bruno: User, kind: RequestType) -> None:
        module = make.make_module()
        make.make_product()

        page = self.change(bruno, kind, "product", {"title": "t", "product": module.product_id})

        assert re.findall(r'id="(slot-\w+|line-[\w-]+)"', page) == [
            "slot-module",
            "slot-service",
            "slot-failure",
            "slot-service_impact",
        ]
        assert f'<option value="{module.pk}" selected>' in page
        assert "id_title" not in page
        assert "noscript" not in page  # Enter would press the button in it

    def test_another_product_clears_the_module_and_says_so(self, bruno: User, kind: RequestType) -> None:
        old, new = make.make_module(), make.make_module()
        make.make_module(product=new.product)

        page = self.change(bruno, kind, "product", {"product": new.product_id, "module": old.pk})

        assert "Escolha de novo: Módulo." in page

    def test_a_field_comes_with_the_value_and_goes_without_it(self, bruno: User, kind: RequestType) -> None:
        decider = self.place

        came = self.change(bruno, kind, decider, {decider: "Hospital"})
        stayed = self.change(bruno, kind, decider, {decider: "Hospital", "shown": self.room})
        went = self.change(bruno, kind, decider, {decider: "Casa", "shown": self.room})

        assert "Qual sala" in came
        assert self.room not in stayed
        assert f'id="line-{self.room}" hx-swap-oob="true" hidden' in went

    def test_works_without_javascript(self, bruno: User, kind: RequestType) -> None:
        module = make.make_module()
        make.make_module(product=module.product)
        make.make_product()
        form = {
            "title": "A tela trava",
            "product": module.product_id,
            self.place: "Hospital",
            "once_key": str(uuid.uuid4()),
        }
        client = door(bruno)

        first = client.get(address(kind)).content.decode()
        page = client.post(address(kind, "campos/"), form)

        assert f'<button class="btn" formaction="{address(kind, "campos/")}"' in first
        text = page.content.decode()
        assert page.status_code == 200
        assert 'value="A tela trava"' in text
        assert f'<option value="{module.pk}">' in text
        assert "Qual sala" in text
        assert form["once_key"] in text
        assert "Erro" not in text


class TestDraft:
    def test_comes_back_with_its_files(self, bruno: User, kind: RequestType) -> None:
        client, stored = door(bruno), keep(bruno)

        saved = client.post(address(kind, "rascunho/"), filled(files=str(stored.pk)))
        page = client.get(address(kind)).content.decode()

        assert re.fullmatch(r"\d{1,2}h(\d\d)?", saved.json()["time"])
        assert "Impressora não imprime" in page
        assert str(stored.pk) in page
        assert "Seu rascunho voltou" in page

    def test_is_of_one_person_type_and_organisation(
        self, bruno: User, beatriz: User, bela: Organization, kind: RequestType
    ) -> None:
        make_membership(user=bruno, organization=bela)
        client = door(bruno)
        client.post(address(kind, "rascunho/"), filled())
        other = make.make_request_type()

        for one, where in (
            (door(beatriz), address(kind)),
            (client, address(other)),
            (client, f"{address(kind)}?organizacao={bela.pk}"),
        ):
            assert "Impressora" not in one.get(where).content.decode()

    def test_is_gone_once_the_ticket_is_open(self, bruno: User, kind: RequestType) -> None:
        client, form = door(bruno), filled()
        client.post(address(kind, "rascunho/"), form)

        client.post(address(kind), form)
        client.post(address(kind, "rascunho/"), form)  # what the page still had to say when it was left

        assert not Draft.objects.exists()

    def test_is_discarded_when_asked(self, bruno: User, kind: RequestType) -> None:
        client = door(bruno)
        client.post(address(kind, "rascunho/"), filled())

        answer = client.post(address(kind, "rascunho/"), {**filled(), "discard": "1"})

        assert answer.status_code == 302
        assert answer["Location"].startswith(address(kind))
        assert not Draft.objects.exists()

    def test_says_when_it_is_too_long(self, bruno: User, kind: RequestType) -> None:
        answer = door(bruno).post(address(kind, "rascunho/"), filled(description="x" * 120_000))

        assert answer.status_code == 422
        assert "rascunho" in answer.json()["message"]

    def test_survives_a_form_that_changed_meanwhile(self, bruno: User, acme: Organization, kind: RequestType) -> None:
        content = {"title": "t", "product": "x", "module-text": "y", "custom-9": ["a", "b"], "severity": "nada"}
        drafts.save(bruno, f"opening:{kind.slug}-{acme.pk}", content, [], at=timezone.now())

        assert door(bruno).get(address(kind)).status_code == 200


class TestOpened:
    def test_is_for_who_opened_it_or_in_whose_name(
        self, bruno: User, beatriz: User, caio: User, carla: User, ana: User
    ) -> None:
        where = f"/chamados/{make_ticket(requester=bruno, by=beatriz).number}/aberto/"

        answers = {user.first_name: door(user).get(where).status_code for user in (bruno, beatriz, caio, carla, ana)}

        assert answers == {"Bruno": 200, "Beatriz": 200, "Caio": 404, "Carla": 404, "Ana": 403}

    def test_names_the_copies(self, bruno: User) -> None:
        ticket = make_ticket(requester=bruno, copies=["chefe@acme.example"])

        assert "chefe@acme.example" in door(bruno).get(f"/chamados/{ticket.number}/aberto/").content.decode()
