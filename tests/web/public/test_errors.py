"""guiche/web/public/errors.py."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from guiche.installation import models as installation
from guiche.web.public import errors


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    row = installation.Installation(pk=1, name="Lume")
    monkeypatch.setattr(installation, "current", lambda: row)


def request_of(rf: RequestFactory, *, htmx: bool) -> HttpRequest:
    request = rf.get("/", headers={"HX-Request": "true"} if htmx else {})
    request.user = AnonymousUser()
    request.htmx = htmx  # type: ignore[attr-defined]  # as the middleware of django_htmx
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]  # as the middleware of messages
    return request


def failing(rf: RequestFactory, failure: Exception, **options: Any) -> HttpResponse:
    try:
        raise failure
    except Exception:
        return errors.server_error(rf.get("/", **options))  # neither user nor htmx: their middleware may have failed


ANSWERS: list[tuple[Callable[[HttpRequest], HttpResponse], int, str]] = [
    (errors.not_found, 404, "Não encontramos esta página"),
    (errors.permission_denied, 403, "Esta página é para outras pessoas"),
    (errors.csrf_failure, 403, "Esta página ficou aberta por muito tempo"),
    (errors.bad_request, 400, "Não entendemos este pedido"),
    (errors.unavailable, 503, "Voltamos já"),
]


@pytest.mark.parametrize(("view", "status", "title"), ANSWERS)
class TestAnswers:
    def test_is_a_whole_page(self, rf: RequestFactory, view: Any, status: int, title: str) -> None:
        response = view(request_of(rf, htmx=False))

        assert response.status_code == status
        assert f"<h1>{title}</h1>" in response.content.decode()
        assert "<!doctype html>" in response.content.decode()

    def test_is_a_notice_to_htmx(self, rf: RequestFactory, view: Any, status: int, title: str) -> None:
        response = view(request_of(rf, htmx=True))

        assert response.status_code == status
        assert f"<b>{title}</b>" in response.content.decode()
        assert "<html" not in response.content.decode()


class TestServerError:
    def test_shows_no_trace_and_asks_the_database_nothing(self, rf: RequestFactory) -> None:
        response = failing(rf, ValueError("segredo"))  # without the mark of the database, a query would fail the test

        assert response.status_code == 500
        assert "Algo falhou do nosso lado" in response.content.decode()
        assert "segredo" not in response.content.decode()

    def test_asks_to_come_back_when_the_database_is_away(self, rf: RequestFactory) -> None:
        response = failing(rf, OperationalError("no server"))

        assert response.status_code == 503
        assert response["Retry-After"] == "30"
