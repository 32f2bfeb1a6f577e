"""A passkey, made and used in a real browser with a virtual authenticator."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.factories.accounts import PASSWORD
from tests.factories.organizations import make_membership

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def email() -> str:
    """Made before the browser starts: its loop and Django's database do not share a thread."""
    return make_membership().user.email or ""


@pytest.fixture
def page(email: str, live_server: object) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        yield page
        browser.close()


def test_opens_alone_and_as_the_second_step(page, email, live_server):
    with_password(page, live_server.url, email)
    page.wait_for_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}/perfil/seguranca/chaves/nova/")
    page.check("#id_passwordless")
    page.locator("pass-key button").click()
    page.wait_for_url("**/perfil/seguranca/codigos/")

    forget(page)
    page.goto(f"{live_server.url}/entrar/")
    page.locator("pass-key button").click()
    page.wait_for_url(f"{live_server.url}/")

    forget(page)
    with_password(page, live_server.url, email)
    page.wait_for_url("**/entrar/segundo-fator/")
    page.get_by_label("Não pedir por 30 dias neste aparelho").check()
    page.locator("pass-key button").click()
    page.wait_for_url(f"{live_server.url}/")

    forget(page, but="guiche-remembered")
    with_password(page, live_server.url, email)
    page.wait_for_url(f"{live_server.url}/")


def with_password(page, url, email):
    page.goto(f"{url}/entrar/")
    page.fill("#id_email", email)
    page.fill("#id_password", PASSWORD)
    page.locator("form button.btn--primary").click()


def forget(page, but=""):
    """Leaves before the cookies go: an answer still on its way would bring the old ones back."""
    page.goto("about:blank")
    page.context.clear_cookies(name=re.compile(rf"^(?!{but}$)" if but else ""))
