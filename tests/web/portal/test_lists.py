"""Home and lists of the portal."""

from datetime import timedelta

import pytest

from guiche.catalog.models import RequestType
from guiche.tickets.models import Participant
from tests.factories.catalog import make_product
from tests.factories.tickets import MORNING, make_ticket


@pytest.fixture
def at_portal(client, bruno):
    client.force_login(bruno)
    return client


class TestHome:
    def test_greets_and_shows_what_waits_and_what_goes_on(self, at_portal, bruno, suporte):
        make_ticket(requester=bruno, title="Espera por mim", status=suporte.validating)
        make_ticket(requester=bruno, title="Segue andando", status=suporte.working)

        text = at_portal.get("/").text

        assert "Bruno" in text
        assert "Acme" in text
        assert text.index("Espera por mim") < text.index("Segue andando")
        assert "Falha técnica" in text

    def test_case_34_counts_and_titles_are_of_ones_own(self, client, carla, bruno):
        make_ticket(requester=bruno, title="CANARY-ACME")
        client.force_login(carla)

        for path in ("/", "/chamados/", "/chamados/?ver=todos", "/validar/", "/busca/?q=CANARY"):
            assert "CANARY-ACME" not in client.get(path).text

    def test_a_product_narrows_types_and_tickets(self, at_portal, bruno):
        pacs, ris = make_product(name="PACS"), make_product(name="RIS")
        make_ticket(requester=bruno, title="Do PACS", product=pacs)
        make_ticket(requester=bruno, title="Do RIS", product=ris)
        RequestType.objects.get(slug="duvida").products.add(ris)

        text = at_portal.get(f"/?produto={pacs.slug}").text

        assert "Do PACS" in text
        assert "Do RIS" not in text
        assert "Como usar uma tela" not in text

    def test_staff_go_to_their_own_area(self, client, ana, elisa):
        for user, home in ((ana, "/mesa/"), (elisa, "/administracao/")):
            client.force_login(user)
            assert client.get("/")["Location"] == home

    @pytest.mark.parametrize("path", ["/", "/chamados/"])
    def test_costs_the_same_with_one_and_with_many(self, path, at_portal, bruno, django_assert_max_num_queries):
        for _ in range(30):
            make_ticket(requester=bruno)
        at_portal.get(path)

        with django_assert_max_num_queries(12):
            at_portal.get(path)


class TestTickets:
    def test_walks_every_row_once(self, at_portal, bruno):
        numbers = [make_ticket(requester=bruno, at=MORNING + timedelta(seconds=n // 3)).number for n in range(60)]
        seen, path = [], "/chamados/"

        while path:
            answer = at_portal.get(path)
            page = answer.context["page"] if answer.context else None
            rows = [row.number for row in page.rows] if page else _numbers(answer.text)
            seen += rows
            path = f"/chamados/?p={page.next}" if page and page.next else _next(answer.text)

        assert sorted(seen) == sorted(numbers)

    @pytest.mark.parametrize("cursor", ["x", "%00", "a" * 600, "W10", "bm9wZQ", "WzAseyJ2IjoxfSwiYSJd"])
    def test_a_cursor_that_cannot_be_read_shows_the_first_page(self, cursor, at_portal, bruno):
        ticket = make_ticket(requester=bruno)

        answer = at_portal.get("/chamados/", {"p": cursor})

        assert answer.status_code == 200
        assert ticket.title in answer.text

    def test_only_mine(self, at_portal, bruno, caio):
        make_ticket(requester=caio, title="De Caio")

        assert "De Caio" in at_portal.get("/chamados/").text
        assert "De Caio" not in at_portal.get("/chamados/?de=mim").text


class TestSearch:
    @pytest.mark.parametrize("form", ["{n}", "#{n}", "SD-{n}", "SD {n}", " # {n} "])
    def test_a_number_goes_straight_there(self, form, at_portal, bruno):
        ticket = make_ticket(requester=bruno)

        answer = at_portal.get("/busca/", {"q": form.format(n=ticket.number)})

        assert answer["Location"] == f"/chamados/{ticket.number}/"

    def test_a_foreign_number_is_not_found(self, at_portal, carla):
        ticket = make_ticket(requester=carla)

        answer = at_portal.get("/busca/", {"q": ticket.number})

        assert answer.status_code == 200
        assert ticket.title not in answer.text

    def test_words_without_accents(self, at_portal, bruno):
        make_ticket(requester=bruno, title="Impressão não sai")

        assert "Impressão não sai" in at_portal.get("/busca/?q=impressao nao").text

    @pytest.mark.parametrize("words", ["%", "_", "' OR 1=1 --", "\x00", "a" * 10_000, "😀", "9" * 30, "&|!():*"])
    def test_case_139_hostile_words_answer_calmly(self, words, at_portal, bruno):
        make_ticket(requester=bruno, title="Impressão não sai")

        answer = at_portal.get("/busca/", {"q": words})

        assert answer.status_code == 200
        assert "Impressão não sai" not in answer.text


class TestValidate:
    def test_lists_only_what_one_may_judge(self, client, bruno, caio, suporte):
        make_ticket(requester=caio, title="De Caio", status=suporte.validating)
        make_ticket(requester=bruno, title="De Bruno", status=suporte.validating)
        client.force_login(caio)

        text = client.get("/validar/").text

        assert "De Caio" in text
        assert "De Bruno" not in text

    def test_what_is_shared_is_seen_but_fills_no_page(self, client, bruno, caio, suporte):
        make_ticket(requester=caio, title="De Caio", status=suporte.validating)
        for _turn in range(26):
            shared = make_ticket(requester=bruno, title="De Bruno", status=suporte.validating)
            Participant.objects.create(ticket=shared, user=caio, added_by=bruno, added_at=MORNING)
        client.force_login(caio)

        text = client.get("/validar/").text

        assert "De Caio" in text
        assert "De Bruno" not in text
        assert not _next(text)


def _numbers(text):
    import re

    return [int(number) for number in re.findall(r'href="/chamados/(\d+)/"', text)]


def _next(text):
    import re

    found = re.search(r'rel="next" href="([^"]+)"', text)
    return "/chamados/" + found.group(1).replace("&amp;", "&") if found else ""
