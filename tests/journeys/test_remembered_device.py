"""Beatriz adds a second step, is remembered on her browser, and forgets it again."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.factories.accounts import PASSWORD
from tests.journeys.browsing import Crowd, sign_in

pytestmark = pytest.mark.journey
BEATRIZ = "beatriz@acme.example"


def enrol(page: Page) -> list[str]:
    """Add the authenticator app, and return the reserve codes."""
    page.goto("/perfil/seguranca/aplicativo/")
    secret = "".join(page.locator("code").first.inner_text().split())
    page.get_by_label("Código de 6 números").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.locator("main form button.btn--primary").click()
    page.wait_for_url("**/codigos/")
    return page.locator(".codes code").all_inner_texts()


def sign_out(page: Page) -> None:
    page.goto("about:blank")  # its live stream would complain of the sign-in page
    page.context.clear_cookies(name="guiche")
    page.goto("/entrar/")


def password(page: Page) -> None:
    page.get_by_label("E-mail").fill(BEATRIZ)
    page.get_by_label("Senha", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Entrar", exact=True).click()


def test_the_step_is_asked_once_and_again_when_the_device_is_forgotten(crowd: Crowd) -> None:
    with crowd.window() as page:
        sign_in(page, BEATRIZ)
        codes = enrol(page)

        sign_out(page)
        password(page)
        page.wait_for_url("**/entrar/segundo-fator/")
        page.get_by_label("Código de 6 números").fill(codes[0])
        page.get_by_label("Não pedir por 30 dias neste aparelho").check()
        page.get_by_role("button", name="Confirmar código").click()
        page.wait_for_url(re.compile(r"^(?!.*/entrar/)"))

        sign_out(page)
        password(page)
        page.wait_for_url(re.compile(r"^(?!.*/entrar/)"))

        page.goto("/perfil/sessoes/")
        page.get_by_role("button", name=re.compile("^Esquecer")).click()
        expect(page.get_by_text("Aparelho esquecido")).to_be_visible()
        expect(page.get_by_role("heading", name="Aparelhos sem o segundo fator")).to_have_count(0)

        sign_out(page)
        password(page)
        page.wait_for_url("**/entrar/segundo-fator/")
        page.get_by_label("Código de 6 números").fill(codes[1])
        page.get_by_role("button", name="Confirmar código").click()
        page.wait_for_url(re.compile(r"^(?!.*/entrar/)"))
        page.goto("/perfil/seguranca/aplicativo/remover/")
        page.locator("main form button[type=submit]").click()  # the next stories sign in with the password alone
        page.wait_for_url("**/perfil/seguranca/")
    crowd.forget(BEATRIZ)
