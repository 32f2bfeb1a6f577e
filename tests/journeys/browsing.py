"""People before their browsers: what stories do with a page, and what no page may do."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, expect

from guiche.operations.home import ROOT
from tests.factories.accounts import PASSWORD
from tests.mail.sink import Sink
from tests.operations.installation import Serving
from tests.operations.persons import wait_until

# A refused form is answered 422, and one that crossed with another 409: the browser notes both, and so it should.
# Refusals, and what htmx says of a request that a page which is left takes back; one that fails is noted by `failed`.
EXPECTED = re.compile(r"the server responded with a status of (422|409)|htmx:(afterRequest|sendError)")
SEEN = ROOT / "build" / "journeys"
# What arrives listens only once htmx has settled it, some 20 ms after it is seen.
BUSY = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added, [aria-busy=true]"
SETTLED = f"() => !document.querySelector('{BUSY}')"

expect.set_options(timeout=8_000)


@dataclass
class Product:
    """The running product, and where its letters arrive."""

    address: str
    serving: Serving
    sink: Sink
    setup_link: str
    ids: dict[str, int] = field(default_factory=dict)

    def letter_to(self, recipient: str, about: str, *, seconds: float = 90) -> str:
        """Wait for the letter to `recipient` whose subject has `about`, and return its text. There is one alone."""

        def arrived() -> list[Any]:
            return [
                letter for letter in self.sink.letters if letter["To"] == recipient and about in str(letter["Subject"])
            ]

        with suppress(AssertionError):
            wait_until(arrived, seconds=seconds)
        found = arrived()
        assert len(found) == 1, f"{recipient} got {self.subjects_to(recipient)}"
        return str(found[0].get_body(("plain",)).get_content())

    def subjects_to(self, recipient: str) -> list[str]:
        return [str(letter["Subject"]) for letter in self.sink.letters if letter["To"] == recipient]


@dataclass
class Crowd:
    """The one browser, with a window for each person."""

    browser: Browser
    product: Product
    complaints: list[str] = field(default_factory=list)
    expected: str = ""  # what this story makes the browser complain of, as a regular expression
    _states: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def window(self, email: str = "", **options: Any) -> Iterator[Page]:
        """Open a window, of a person who has signed in if `email` is given; `options` are of the browser context."""
        settings = {"base_url": self.product.address, "locale": "pt-BR", "timezone_id": "America/Sao_Paulo", **options}
        if email:
            settings["storage_state"] = self._signed_in(email)
        context = self.browser.new_context(**settings)
        context.set_default_timeout(10_000)
        page = context.new_page()
        watch(page, self.complaints)
        try:
            yield page
        except BaseException:
            show(page, email)
            raise
        finally:
            context.close()

    def _signed_in(self, email: str) -> Any:
        """Return the cookies of `email`, who signs in once for all stories."""
        if email not in self._states:
            with self.window() as page:
                sign_in(page, email)
                self._states[email] = page.context.storage_state()
        return self._states[email]

    def forget(self, email: str) -> None:
        """After a story that ended the session of `email`."""
        self._states.pop(email, None)


def watch(page: Page, complaints: list[str]) -> None:
    """Note in `complaints` what the browser finds wrong with a page: errors, refused code, files that are not there."""

    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            complaints.append(f"{page.url}: {message.text}")

    def failed(request: Request) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):  # the stream of a page that was left, and downloads
            complaints.append(f"{page.url}: {request.url} {request.failure}")

    page.on("console", said)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("requestfailed", failed)


def show(page: Page, who: str) -> None:
    """Keep what a story saw last, for whoever mends it."""
    SEEN.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"\W+", "-", os.environ.get("PYTEST_CURRENT_TEST", "story").split("::")[-1] + who)
    with suppress(Error):
        page.screenshot(path=SEEN / f"{name}.png", full_page=True)
        (SEEN / f"{name}.txt").write_text(f"{page.url}\n{page.locator('body').aria_snapshot()}")


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/entrar/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Senha", exact=True).fill(password)
    page.get_by_role("button", name="Entrar", exact=True).click()
    page.wait_for_url(re.compile(r"^(?!.*/entrar/)"))


def open_ticket(page: Page, title: str, *, description: str = "", files: list[Path] | None = None) -> str:
    """Open a ticket at the portal as the person before `page`, and return its number."""
    page.goto("/chamados/novo/falha-tecnica/")
    fill_opening(page, title, description)
    if files:
        page.locator("drop-zone input[type=file]").set_input_files([str(one) for one in files])
        for one in files:
            expect(page.locator("file-row", has_text=one.name)).to_be_visible()
            expect(page.locator(f"file-row:has-text('{one.name}') input[name=files]")).to_be_attached()
    page.get_by_role("button", name="Abrir chamado").click()
    page.wait_for_url("**/aberto/")
    found = re.search(r"/chamados/(\d+)/", page.url)
    assert found
    return found[1]


def fill_opening(page: Page, title: str, description: str = "") -> None:
    page.get_by_label("Produto", exact=True).select_option(label="Visor")
    page.get_by_label("Título").fill(title)
    page.get_by_label("Descrição").fill(description or "As imagens levam mais de 40 segundos para abrir.")
    page.get_by_label("Telefone", exact=True).fill("(11) 4000-1234")
    page.locator("input[name=severity]").nth(1).check()


def say(page: Page, words: str, button: str) -> None:
    """Write `words` to the customer from the desk, and press `button`."""
    page.get_by_label("Texto da resposta").fill(words)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".timeline").get_by_text(words)).to_be_visible()
    settle(page)


def deliver_solution(crowd: Crowd, number: str, words: str) -> None:
    """Let Ana take the ticket and deliver a solution."""
    with crowd.window("ana@lume.example") as page:
        page.goto(f"/mesa/chamados/{number}/")
        page.get_by_role("button", name="Assumir").first.click()
        settle(page)
        say(page, words, "Enviar e pedir validação")


def settle(page: Page) -> None:
    """Wait until nothing is under way on the page."""
    page.wait_for_function(SETTLED)


def address_in(letter: str) -> str:
    """Return the path of the one link of this portal that a letter is about."""
    found = re.search(r"https?://127\.0\.0\.1:\d+(/\S+)", letter)
    assert found, letter
    return found[1].rstrip(".,)>")
