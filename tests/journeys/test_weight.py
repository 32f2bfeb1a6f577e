"""The first page of the portal is light: what the browser itself counts, nothing kept from before."""

from typing import Any

import pytest

from tests.journeys.browsing import Crowd

pytestmark = pytest.mark.journey

MOST_BYTES = 60 * 1024
MOST_REQUESTS = 6
STREAM = "/ao-vivo/"


def test_the_first_page_of_the_portal_fits_its_budget(crowd: Crowd) -> None:
    with crowd.window("bruno@acme.example") as page:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        asked: dict[str, str] = {}
        weights: dict[str, float] = {}

        def note(event: dict[str, Any]) -> None:
            asked[event["requestId"]] = event["request"]["url"]

        def weigh(event: dict[str, Any]) -> None:
            weights[event["requestId"]] = event["encodedDataLength"]

        session.on("Network.requestWillBeSent", note)
        session.on("Network.loadingFinished", weigh)
        page.goto("/")
        page.wait_for_timeout(1_500)

        # The stream is held open and weighs nothing until something happens.
        shown = {
            url: weights.get(key, 0)
            for key, url in asked.items()
            if not url.startswith("data:") and "/ao-vivo/" not in url
        }
        report = "\n".join(f"{size:>8.0f} {url}" for url, size in shown.items())
        assert shown[page.url] > 0
        assert sum(shown.values()) <= MOST_BYTES, report
        assert len(shown) <= MOST_REQUESTS, report
