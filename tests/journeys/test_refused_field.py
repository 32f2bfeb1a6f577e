"""A field that was refused is looked at once more when it is left: right, it is red no longer (DESIGN 4.2)."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Crowd

pytestmark = pytest.mark.journey


def test_what_was_missing_is_red_until_it_is_there(crowd: Crowd) -> None:
    with crowd.window() as page:
        page.goto("/cadastro/")
        page.get_by_role("button", name="Enviar link de confirmação").click()
        name, address = page.locator("#id_name"), page.locator("#id_email")
        expect(page.locator(".field[data-tone=danger]")).not_to_have_count(0)
        before = page.locator(".field[data-tone=danger]").count()

        name.fill("Iara Lopes")
        address.fill("iara")
        address.blur()

        expect(name).not_to_have_attribute("aria-invalid", "true")
        expect(address).to_have_attribute("aria-invalid", "true")
        address.fill("iara@acme.example")
        address.blur()
        expect(page.locator(".field[data-tone=danger]")).to_have_count(before - 2)
        expect(page.locator("#id_email-error")).to_have_count(0)
