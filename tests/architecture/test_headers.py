"""What every answer says to the browser, and what no answer gives away."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client

from guiche.web.public import pages
from tests.architecture.walk import Walk

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
# A file is not a page: it may do nothing at all.
SANDBOXED = "sandbox"
TRACES = re.compile(
    rb"Traceback|DoesNotExist|ProgrammingError|/site-packages/|SELECT |psycopg|DJANGO_|SECRET_KEY|Exception"
)
PATHS = """
/.env /.env.bak /.git/ /.git/config /.git/HEAD /.hg/ /.svn/entries /.ssh/id_rsa /.htaccess /.well-known/security.txt
/admin/ /admin/login/ /administrator/ /api/ /api/v1/ /graphql /swagger.json /openapi.json /docs/ /redoc/ /debug/
/__debug__/ /_debugbar/ /silk/ /metrics /prometheus /actuator /actuator/health /health /healthz /status /server-status
/server-info /phpinfo.php /info.php /index.php /wp-login.php /wp-admin/ /config.json /config.yml /settings.py /manage.py
/requirements.txt /pyproject.toml /Makefile /Dockerfile /docker-compose.yml /backup.zip /backup.sql /dump.sql
/media/ /files/ /uploads/ /static/ /static/../guiche/config/settings.py /static/%2e%2e/%2e%2e/etc/passwd /var/ /tmp/
/demonstration.json /secret.key /accounts/login/ /accounts/signup/ /accounts/email/ /accounts/password/reset/ /console
/db.sqlite3 /trace /package.json /.vscode/settings.json /.DS_Store /server.key
"""


def directives(policy: str) -> dict[str, str]:
    return {name: value for name, _, value in (part.strip().partition(" ") for part in policy.split(";"))}


class TestEveryAnswer:
    def test_case_121_has_the_strict_policy(self, walk: Walk) -> None:
        wrong = []
        for one in walk.answers:
            said = directives(one.headers.get("Content-Security-Policy", ""))
            if one.is_html and not POLICY.items() <= said.items():
                wrong.append(str(one))
            if not one.is_html and SANDBOXED not in said and not POLICY.items() <= said.items():
                wrong.append(str(one))
            if ("unsafe" in str(said) and one.is_html) or "http:" in str(said) or "*" in str(said):
                wrong.append(f"{one}: {said}")
        assert not wrong, "\n".join(wrong)

    def test_is_taken_for_what_it_says_and_framed_by_nobody(self, walk: Walk) -> None:
        wrong = [
            str(one)
            for one in walk.answers
            if one.headers.get("X-Content-Type-Options") != "nosniff"
            or one.headers.get("X-Frame-Options") not in {"DENY", "SAMEORIGIN"}
            or one.headers.get("Referrer-Policy") != "same-origin"
            or one.headers.get("Cross-Origin-Opener-Policy") != "same-origin"
        ]
        assert not wrong, "\n".join(wrong)

    def test_stays_in_no_cache(self, walk: Walk) -> None:
        wrong = [str(one) for one in walk.pages if "no-store" not in one.headers.get("Cache-Control", "")]

        assert not wrong, "\n".join(wrong)

    def test_case_118_opens_to_no_other_origin(self, walk: Walk) -> None:
        assert [str(one) for one in walk.answers if any("Access-Control" in name for name in one.headers)] == []

    def test_case_239_gives_no_trace_away(self, walk: Walk) -> None:
        wrong = [f"{one}: {found}" for one in walk.pages if (found := TRACES.findall(one.body))]

        assert not wrong, "\n".join(wrong)
        names = {name for one in walk.answers for name in one.headers}
        assert not names & {"Server", "X-Powered-By", "X-Django-Version", "X-Runtime"}


class Inline(HTMLParser):
    """Collects what a strict policy would have to make an exception for."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in given}
        if tag == "script" and "src" not in attributes and attributes.get("type") != "application/json":
            self.found.append("<script>")
        if tag == "style":
            self.found.append("<style>")
        for name, value in attributes.items():
            is_code = name == "style" or name.startswith(("on", "hx-on")) or value.strip().startswith("javascript:")
            if is_code or (name.startswith("hx-") and value.startswith("js:")):
                self.found.append(f"<{tag} {name}={value!r}>")


class TestPages:
    def test_hold_no_code_or_style_of_their_own(self, walk: Walk) -> None:
        wrong = set()
        for one in walk.pages:
            reader = Inline()
            reader.feed(one.text)
            wrong |= {f"{one.gate.route}: {found}" for found in reader.found}

        assert len(walk.pages) > 1000
        assert not wrong, "\n".join(sorted(wrong))


class TestErrors:
    def test_case_239_unknown_paths_give_the_same_kind_page(self, client: Client) -> None:
        first = client.get("/nada-aqui/")
        assert first.status_code == 404

        for path in PATHS.split():
            answer = client.get(path, follow=False)
            assert answer.status_code == 404, path
            assert _without_token(answer.content) == _without_token(first.content), path

    @pytest.mark.parametrize("method", ["options", "trace", "put", "patch", "delete"])
    def test_case_122_odd_methods_are_refused(self, client: Client, method: str) -> None:
        for path in ("/entrar/", "/primeiro-acesso/", "/privacidade/", "/livez"):
            answer = client.generic(method.upper(), path)
            assert answer.status_code in {403, 405}, path
            assert "Content-Security-Policy" in answer.headers

    def test_a_failure_of_ours_shows_no_trace(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(request: HttpRequest, *_rest: Any) -> HttpResponse:
            raise RuntimeError("SECRET-INSIDE")

        monkeypatch.setattr(pages, "render", fail)
        answer = Client(raise_request_exception=False).get("/privacidade/")

        assert answer.status_code == 500
        assert not TRACES.search(answer.content)
        assert b"SECRET-INSIDE" not in answer.content
        assert POLICY.items() <= directives(answer["Content-Security-Policy"]).items()

    def test_case_119_a_foreign_host_is_refused(self, client: Client) -> None:
        for name in ("attacker.example", "127.0.0.1.attacker.example", "localhost:80@attacker.example"):
            for path in ("/entrar/", "/chamados/", "/nada-aqui/", "/livez", "/static/css/base.css"):
                answer = client.get(path, headers={"Host": name})
                assert answer.status_code == 400, path
                assert POLICY.items() <= directives(answer["Content-Security-Policy"]).items()

    def test_case_119_forwarded_headers_of_anybody_change_nothing(self, client: Client) -> None:
        forged = {
            "X-Forwarded-Host": "attacker.example",
            "X-Forwarded-Proto": "https",
            "Forwarded": "host=attacker.example",
        }
        answer = client.get("/chamados/", headers=forged)

        assert answer["Location"].startswith("/entrar/")
        assert b"attacker.example" not in client.get("/entrar/", headers=forged).content

    def test_case_115_a_form_without_its_token_is_refused(self) -> None:
        answer = Client(enforce_csrf_checks=True).post("/entrar/", {"email": "a@acme.example"})

        assert answer.status_code == 403
        assert POLICY.items() <= directives(answer["Content-Security-Policy"]).items()


class TestStaticFiles:
    def test_say_what_they_are(self, client: Client) -> None:
        answer = client.get("/static/css/base.css")

        assert answer.status_code == 200
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert POLICY.items() <= directives(answer["Content-Security-Policy"]).items()


def in_process(code: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `code` with the product's own settings, on the database of this test."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    address = urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
    (home / "static").mkdir(exist_ok=True)
    given = {"DJANGO_SETTINGS_MODULE": "guiche.config.settings", "GUICHE_HOME": str(home), "DATABASE_URL": address}
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("GUICHE_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**ours, **given, "PYTHONPATH": str(ROOT), **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


SIGN_IN = """
import json, django
django.setup()
from django.db import transaction
from django.conf import settings
from django.test import Client
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # none are collected here
settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.organizations import make_membership
with transaction.atomic():
    user = make_user(email="bruno@acme.example")
    make_membership(user=user)
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    page = client.get("/entrar/", secure=settings.IS_HTTPS)
    signed_in = client.post("/entrar/", {"email": user.email, "password": PASSWORD}, secure=settings.IS_HTTPS)
    client.post("/sair/", secure=settings.IS_HTTPS)
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    client.post("/entrar/", {"email": user.email, "password": PASSWORD}, secure=settings.IS_HTTPS)
    values = {"code": code, "remember": "on"}
    remembered = client.post("/entrar/segundo-fator/", values, secure=settings.IS_HTTPS)
    transaction.set_rollback(True)
cookies = {**page.cookies, **signed_in.cookies, **remembered.cookies}
print(json.dumps({
    "status": signed_in.status_code,
    "headers": dict(page.headers),
    "cookies": {name: {key: value for key, value in one.items() if value} for name, one in cookies.items()},
}))
"""


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Any:
    """What a sign-in answers on an installation whose address is https."""
    done = in_process(SIGN_IN, tmp_path_factory.mktemp("home"), GUICHE_ADDRESS="https://atendimento.example")
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


class TestHttps:
    def test_cookies_are_of_this_host_alone(self, secure: Any) -> None:
        assert secure["status"] == 302
        assert set(secure["cookies"]) >= {"__Host-guiche", "__Host-guiche-csrf", "__Host-guiche-remembered"}
        for name, one in secure["cookies"].items():
            assert name.startswith("__Host-"), name
            assert one["secure"] is True
            assert one["httponly"] is True
            assert one["samesite"] == "Lax"
            assert one["path"] == "/"
            assert "domain" not in one

    def test_browsers_are_told_to_stay_with_it(self, secure: Any) -> None:
        assert "max-age=31536000" in secure["headers"]["Strict-Transport-Security"]

    def test_case_239_django_finds_nothing_to_say(self, tmp_path: Path) -> None:
        code = "import django; django.setup(); from django.core.management import call_command as c; " + (
            "c('check', deploy=True, fail_level='WARNING')"
        )
        done = in_process(code, tmp_path, GUICHE_ADDRESS="https://atendimento.example")

        assert done.returncode == 0, done.stderr[-3000:]

    def test_plain_http_is_for_this_machine_only(self, tmp_path: Path) -> None:
        refused = in_process("import django; django.setup()", tmp_path, GUICHE_ADDRESS="http://atendimento.example")

        assert refused.returncode != 0
        assert "https://" in refused.stderr

    def test_on_this_machine_cookies_work_without_it(self, tmp_path: Path) -> None:
        done = in_process(SIGN_IN, tmp_path, GUICHE_ADDRESS="http://127.0.0.1:8000")
        assert done.returncode == 0, done.stderr[-3000:]
        found = json.loads(done.stdout.splitlines()[-1])

        assert set(found["cookies"]) >= {"guiche", "guiche-csrf"}
        assert all(one["httponly"] is True and "secure" not in one for one in found["cookies"].values())
        assert "Strict-Transport-Security" not in found["headers"]

    def test_debugging_is_never_on(self) -> None:
        assert settings.DEBUG is False
        assert "DEBUG = False" in (ROOT / "guiche/config/settings.py").read_text()


def _without_token(body: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", body)
