"""guiche/web/middleware.py: SecurityHeaders."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.test import RequestFactory, override_settings

from guiche.web.middleware import SecurityHeaders


def answered(rf: RequestFactory, view: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    return SecurityHeaders(view)(rf.get("/"))


def policy(response: HttpResponse) -> dict[str, str]:
    parts = response["Content-Security-Policy"].split("; ")
    return {name: value for name, _, value in (part.partition(" ") for part in parts)}


class TestSecurityHeaders:
    def test_allows_nothing_but_our_own_files(self, rf: RequestFactory) -> None:
        allowed = policy(answered(rf, lambda request: HttpResponse("")))

        assert allowed["default-src"] == "'none'"
        assert (
            allowed["script-src"]
            == allowed["style-src"]
            == allowed["connect-src"]
            == allowed["form-action"]
            == "'self'"
        )
        assert allowed["frame-ancestors"] == allowed["base-uri"] == allowed["object-src"] == "'none'"
        assert "unsafe" not in str(allowed)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ],
    )
    def test_says_it_on_errors_too(self, rf: RequestFactory, name: str, value: str) -> None:
        assert answered(rf, lambda request: HttpResponseNotFound(""))[name] == value

    def test_allows_the_one_style_of_the_brand(self, rf: RequestFactory) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            request.style_source = "'sha256-abc'"  # type: ignore[attr-defined]  # as brand.style
            return HttpResponse("")

        assert policy(answered(rf, view))["style-src"] == "'self' 'sha256-abc'"

    def test_keeps_what_a_view_says_of_its_own_answer(self, rf: RequestFactory) -> None:
        response = answered(
            rf,
            lambda request: HttpResponse(
                "",
                headers={
                    "Cache-Control": "max-age=60",
                    "Content-Security-Policy": "sandbox",
                    "X-Frame-Options": "SAMEORIGIN",
                },
            ),
        )

        assert response["Cache-Control"] == "max-age=60"
        assert response["Content-Security-Policy"] == "sandbox"
        assert response["X-Frame-Options"] == "SAMEORIGIN"

    def test_asks_for_https_only_where_it_is_served(self, rf: RequestFactory) -> None:
        with override_settings(SECURE_HSTS_SECONDS=0):
            assert "Strict-Transport-Security" not in answered(rf, lambda request: HttpResponse(""))
        with override_settings(SECURE_HSTS_SECONDS=3600):
            assert answered(rf, lambda request: HttpResponse(""))["Strict-Transport-Security"].startswith(
                "max-age=3600"
            )
