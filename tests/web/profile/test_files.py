"""Files by their addresses: given, fetched, taken back; by nobody who may not see the ticket."""

import asyncio
import io
import re
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guiche.accounts.models import User
from guiche.core.text import OWN_FILE
from guiche.files import actions as files
from guiche.files import storing
from guiche.files.models import Scan, StoredFile
from guiche.tickets.actions import conversation
from guiche.tickets.models import Attachment, Ticket
from guiche.web import downloads
from tests.factories.organizations import make_membership
from tests.factories.tickets import make_ticket
from tests.files import samples

pytestmark = pytest.mark.django_db
UPLOAD = "/arquivos/"


@pytest.fixture(autouse=True)
def files_root(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    settings.CLAMD = ""
    return tmp_path / "files"


def door(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, content: bytes = b"um relato", name: str = "relato.txt") -> Any:
    return client.post(UPLOAD, {"file": samples.upload(content, name)})


def keep(user: User, content: bytes = b"um relato", name: str = "relato.txt") -> StoredFile:
    return files.keep(samples.upload(content, name), by=user, at=timezone.now())


def ticket_with_file(user: User, name: str = "relato.txt", content: bytes = b"um relato") -> tuple[Ticket, Attachment]:
    ticket = make_ticket(requester=user, files=[keep(user, content, name)])
    return ticket, ticket.attachments.get()


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


class TestUpload:
    def test_keeps_the_file_as_the_persons_own(self, bruno: User) -> None:
        answer = send(door(bruno), samples.picture("PNG"), "tela.png")

        stored = StoredFile.objects.get()
        assert answer.status_code == 201
        assert answer.json() == {
            "id": str(stored.pk),
            "name": "tela.png",
            "size": stored.size,
            "is_picture": True,
            "href": f"/arquivos/{stored.pk}/",
        }
        assert stored.owner == bruno

    def test_says_why_a_program_is_not_kept(self, bruno: User) -> None:
        answer = send(door(bruno), b"MZ" + bytes(200), "conta.exe")

        assert answer.status_code == 422
        assert "conta.exe" in answer.json()["message"]
        assert not StoredFile.objects.exists()

    def test_asks_a_stranger_to_sign_in(self, db: None) -> None:
        assert send(Client()).status_code == 302
        assert not StoredFile.objects.exists()

    def test_106_takes_twenty_megabytes_and_not_one_byte_more(self, bruno: User, settings: Any) -> None:
        settings.FILE_SIZE_LIMIT = 1000
        client = door(bruno)

        assert send(client, b"a" * 1000).status_code == 201
        assert send(client, b"a" * 1001).status_code == 422
        assert StoredFile.objects.count() == 1

    def test_106_does_not_let_a_second_file_hide_behind_the_first(self, bruno: User) -> None:
        client = door(bruno)
        first, second = samples.upload(b"a"), samples.upload(b"MZ" + bytes(200), "b.exe")

        assert client.post(UPLOAD, {"file": [first, second]}).status_code == 422
        assert client.post(UPLOAD, {"file": samples.upload(b"a"), "other": second}).status_code == 422
        assert not StoredFile.objects.exists()

    def test_107_stops_who_only_piles_up_files_and_forgets_them_after_a_day(
        self, bruno: User, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr(files, "UNHELD_COUNT", 2)
        client = door(bruno)

        answers = [send(client, b"a").status_code for _ in range(5)]
        removed = files.remove_unheld(at=timezone.now() + timedelta(hours=25))

        assert answers == [201, 201, 201, 422, 422]
        assert removed == 3

    @pytest.mark.parametrize(
        "name",
        [
            ".htaccess",
            ".user.ini",
            "a.pht",
            "a.phtml",
            "web.config",
            "a\u200b.txt",
            "a.txt.",
            "..%2f..%2fa.txt",
            "../../a.txt",
        ],
    )
    def test_101_keeps_the_bytes_under_a_name_of_ours(self, bruno: User, files_root: Path, name: str) -> None:
        send(door(bruno), b"php_value x", name)

        on_disk = [path.name for path in files_root.rglob("*") if path.is_file()]
        assert all(re.fullmatch("[0-9a-f-]+", kept) for kept in on_disk)
        assert not any(path.suffix for path in files_root.rglob("*") if path.is_file())

    def test_113_shows_the_true_end_of_a_name(self, bruno: User) -> None:
        answer = send(door(bruno), b"x", "nota\u202egpj.txt")

        assert answer.json()["name"] == "notagpj.txt"

    def test_143_sets_nothing_that_the_request_says_besides(self, bruno: User, carla: User) -> None:
        door(bruno).post(UPLOAD, {"file": samples.upload(b"x"), "owner": carla.pk, "scan": "clean", "is_picture": "1"})

        stored = StoredFile.objects.get()
        assert (stored.owner, stored.scan, stored.is_picture) == (bruno, Scan.NOT_SCANNED, False)


class TestAttachment:
    def test_35_is_handed_to_who_sees_the_ticket_and_nobody_else(
        self, ana: User, bruno: User, beatriz: User, caio: User, carla: User, davi: User, elisa: User, olga: User
    ) -> None:
        _ticket, attachment = ticket_with_file(bruno)
        cast = {
            "ana": ana,
            "bruno": bruno,
            "beatriz": beatriz,
            "caio": caio,
            "carla": carla,
            "davi": davi,
            "elisa": elisa,
            "olga": olga,
        }

        for address in (f"/arquivos/{attachment.pk}/", f"/arquivos/{attachment.file_id}/"):
            answers = {name: door(user).get(address).status_code for name, user in cast.items()}
            assert {name for name, status in answers.items() if status == 200} == {"ana", "bruno", "beatriz"}
            assert {status for status in answers.values() if status != 200} == {404}
            assert Client().get(address).status_code == 302

    def test_35_answers_a_foreign_file_like_one_that_does_not_exist(self, bruno: User, carla: User) -> None:
        _ticket, attachment = ticket_with_file(bruno)
        client = door(carla)

        foreign, missing = client.get(f"/arquivos/{attachment.pk}/"), client.get(f"/arquivos/{uuid.uuid4()}/")

        assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)

    def test_keeps_a_file_of_a_note_from_customers(self, ana: User, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)
        conversation.note(ticket, body="Só nós", by=ana, at=timezone.now(), files=[keep(ana)])
        address = f"/arquivos/{Attachment.objects.get().pk}/"

        assert door(ana).get(address).status_code == 200
        assert door(bruno).get(address).status_code == 404

    def test_is_no_longer_handed_to_its_owner_who_lost_the_ticket(self, bruno: User, bela: Any) -> None:
        _ticket, attachment = ticket_with_file(bruno)
        bruno.memberships.update(is_active=False)
        make_membership(user=bruno, organization=bela)

        assert door(bruno).get(f"/arquivos/{attachment.file_id}/").status_code == 404

    def test_62_is_never_run_by_a_browser(self, bruno: User) -> None:
        _ticket, attachment = ticket_with_file(bruno, "a.xml", b"<?xml version='1.0'?><a/>")

        answer = door(bruno).get(f"/arquivos/{attachment.pk}/")

        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert body(answer).startswith(b"<?xml")

    def test_62_shows_a_picture_and_downloads_it_when_asked(self, bruno: User) -> None:
        _ticket, attachment = ticket_with_file(bruno, "a.png", samples.picture("PNG"))
        client = door(bruno)

        shown, saved = client.get(f"/arquivos/{attachment.pk}/"), client.get(f"/arquivos/{attachment.pk}/?baixar")

        assert shown["Content-Disposition"].startswith("inline")
        assert saved["Content-Disposition"].startswith("attachment")
        assert int(shown["Content-Length"]) == len(body(shown))

    def test_has_a_small_copy_only_of_pictures(self, bruno: User) -> None:
        _ticket, picture = ticket_with_file(bruno, "a.png", samples.picture("PNG"))
        _other, text = ticket_with_file(bruno)
        client = door(bruno)

        assert client.get(f"/arquivos/{picture.pk}/miniatura/")["Content-Type"] == "image/webp"
        assert client.get(f"/arquivos/{text.pk}/miniatura/").status_code == 404

    def test_answers_kindly_when_the_bytes_are_gone(self, bruno: User) -> None:
        _ticket, attachment = ticket_with_file(bruno)
        storing.path_of(attachment.file.checksum).unlink()

        assert door(bruno).get(f"/arquivos/{attachment.pk}/").status_code == 404

    def test_is_held_back_while_the_scanner_has_not_answered(self, ana: User, bruno: User) -> None:
        _ticket, attachment = ticket_with_file(bruno)
        StoredFile.objects.update(scan=Scan.PENDING)

        assert door(bruno).get(f"/arquivos/{attachment.pk}/").status_code == 200
        assert door(ana).get(f"/arquivos/{attachment.pk}/").status_code == 409

    def test_is_not_packed_again(self, bruno: User) -> None:
        _ticket, attachment = ticket_with_file(bruno, content=b"a" * 5000)

        answer = door(bruno).get(f"/arquivos/{attachment.pk}/", headers={"accept-encoding": "gzip"})

        assert answer["Content-Encoding"] == "identity"
        assert int(answer["Content-Length"]) == 5000


class TestUnsent:
    def test_37_is_fetched_and_taken_back_by_its_owner_only(self, bruno: User, caio: User, carla: User) -> None:
        address = f"/arquivos/rascunho/{keep(bruno).pk}/"

        for user in (caio, carla):
            assert door(user).get(address).status_code == 404
            assert door(user).post(address).status_code == 404
            assert door(user).delete(address).status_code == 404
        assert door(bruno).get(address).status_code == 200
        assert door(bruno).delete(address).status_code == 204
        assert not StoredFile.objects.exists()

    def test_37_is_not_taken_back_once_it_was_sent(self, bruno: User) -> None:
        _ticket, attachment = ticket_with_file(bruno)

        assert door(bruno).post(f"/arquivos/rascunho/{attachment.file_id}/").status_code == 404
        assert Attachment.objects.exists()

    def test_is_shown_in_a_text_before_it_is_sent(self, bruno: User) -> None:
        assert door(bruno).get(f"/arquivos/{keep(bruno).pk}/").status_code == 200


class TestAllOfTicket:
    def test_holds_every_file_that_the_person_may_see(self, ana: User, bruno: User) -> None:
        ticket = make_ticket(requester=bruno, files=[keep(bruno, b"um"), keep(bruno, b"dois")])
        conversation.note(ticket, body="Só nós", by=ana, at=timezone.now(), files=[keep(ana, b"nota", "nota.txt")])

        def held(user: User) -> dict[str, bytes]:
            archive = zipfile.ZipFile(io.BytesIO(body(door(user).get(f"/arquivos/chamado/{ticket.number}/"))))
            assert archive.testzip() is None
            return {name: archive.read(name) for name in archive.namelist()}

        assert held(bruno) == {"relato.txt": b"um", "relato (2).txt": b"dois"}
        assert set(held(ana)) == {"relato.txt", "relato (2).txt", "nota.txt"}

    def test_is_not_there_for_others(self, bruno: User, carla: User) -> None:
        ticket, _attachment = ticket_with_file(bruno)

        assert door(carla).get(f"/arquivos/chamado/{ticket.number}/").status_code == 404
        assert door(carla).get("/arquivos/chamado/987654321/").status_code == 404

    def test_is_not_there_without_files(self, bruno: User) -> None:
        assert door(bruno).get(f"/arquivos/chamado/{make_ticket(requester=bruno).number}/").status_code == 404

    def test_is_made_while_it_is_sent(self, tmp_path: Path) -> None:
        (tmp_path / "large").write_bytes(b"a" * 1_000_000)
        entry = downloads.Entry("large.txt", tmp_path / "large", timezone.now())

        pieces = list(downloads.zipped([entry], name="1.zip").streaming_content)

        assert max(map(len, pieces)) < 2 * downloads.CHUNK


class TestStreamed:
    def test_goes_out_in_pieces_to_an_asynchronous_server(self) -> None:
        async def pieces() -> list[bytes]:
            return [piece async for piece in downloads.Streamed(iter([b"a", b"b"]))]

        assert asyncio.run(pieces()) == [b"a", b"b"]


def test_addresses_are_those_that_texts_may_show(db: None) -> None:
    key = uuid.uuid4()
    assert OWN_FILE.match(reverse("profile:attachment", args=[key]))
    assert OWN_FILE.match(reverse("profile:thumbnail", args=[key]))
