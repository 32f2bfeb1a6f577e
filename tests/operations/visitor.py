"""Somebody at the running product without a browser: signs in, fills forms in as their page has them, sends them."""

from __future__ import annotations

import http.client
import http.cookies
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

from tests.factories.accounts import PASSWORD


@dataclass
class Answer:
    status: int
    text: str
    headers: dict[str, str]


@dataclass
class Visitor:
    """One person on one loopback port. Raises OSError when nobody answers there."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self, email: str) -> Visitor:
        answer = self.send("/entrar/", {**self.form("/entrar/"), "email": email, "password": PASSWORD})
        assert answer.status == 302, answer.text
        return self

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def send(self, path: str, fields: dict[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(fields))

    def form(self, path: str, action: str = "") -> dict[str, str]:
        """Return the fields, as the page has filled them in, of the form at `path` that is sent to `action`."""
        answer = self.get(path)
        assert answer.status == 200, answer.status
        return fields_of(answer.text, action or path)

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        host = f"127.0.0.1:{self.port}"
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{host}"}
        line = http.client.HTTPConnection(host, timeout=40)
        try:
            line.request(method, path, body, headers)
            response = line.getresponse()
            text = response.read().decode()
        except http.client.HTTPException as error:  # the server went away in the middle
            raise ConnectionError(str(error)) from error
        finally:
            line.close()
        for value in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in http.cookies.SimpleCookie(value).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, text, dict(response.headers))


def fields_of(page: str, action: str) -> dict[str, str]:
    """Return the fields of the first form on `page` that is sent to `action`."""
    reader = _Forms()
    reader.feed(page)
    return next(fields for target, fields in reader.forms if urlsplit(target).path == action)


class _Forms(HTMLParser):
    """Reads hidden and text fields and chosen boxes of every form; a list and a text count as empty."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        elif self.forms and tag == "input" and given.get("name"):
            if given.get("type") in {"radio", "checkbox"} and "checked" not in given:
                return
            self.forms[-1][1][given["name"]] = given.get("value", "on" if given.get("type") == "checkbox" else "")
