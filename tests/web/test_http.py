"""Where a page may send somebody on."""

import pytest
from django.test import RequestFactory

from guiche.web.http import safe_next

ELSEWHERE = [
    "https://fora.example/",
    "http://127.0.0.1/chamados/",
    "//fora.example/",
    "///fora.example/",
    "/\\fora.example/",
    "\\\\fora.example/",
    "\t//fora.example/",
    "/\t/fora.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "desk:ticket",
    "chamados",
    "NaN",
    "a\x00b",
    "",
]


class TestSafeNext:
    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("wanted", ELSEWHERE)
    def test_case_21_leads_nowhere_else(self, rf: RequestFactory, method: str, wanted: str) -> None:
        request = getattr(rf, method)("/entrar/", {"next": wanted})

        assert safe_next(request, "/aqui/") == "/aqui/"

    @pytest.mark.parametrize("wanted", ["/", "/chamados/?p=2", "/mesa/chamados/7/#resposta"])
    def test_leads_where_one_was_going(self, rf: RequestFactory, wanted: str) -> None:
        assert safe_next(rf.post("/entrar/", {"next": wanted}), "/aqui/") == wanted
