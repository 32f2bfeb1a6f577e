"""The link of `guiche setup` makes the first administrator, once."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Crowd, Product

pytestmark = pytest.mark.journey


def test_the_set_up_link_makes_one_administrator_and_then_nobody(crowd: Crowd, product: Product, elisa: str) -> None:
    with crowd.window() as page:
        assert page.request.get(product.setup_link).status == 404

        page.goto("/entrar/")
        page.get_by_label("E-mail").fill(elisa)
        page.get_by_label("Senha", exact=True).fill("picote-canhoto-2026")
        page.get_by_role("button", name="Entrar", exact=True).click()
        page.wait_for_url("**/administracao/")

        expect(page.get_by_role("heading", level=1)).to_have_text("Administração")
        expect(page.get_by_role("link", name=re.compile("Organizações")).first).to_be_visible()
