"""The real product on loopback, a real mail server, and one browser for all stories."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from guiche.operations.home import ROOT
from tests import server
from tests.journeys.browsing import Crowd, Product
from tests.mail.sink import Sink
from tests.operations.installation import Serving, environment

CHROMIUM = "/usr/bin/chromium"
# Nothing is asked of any network: only this machine has a name.
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="package")
def product(django_db_modify_db_settings: None) -> Iterator[Product]:
    """The product as an operator starts it for real use, with a mail server, on a database of its own."""
    home = Path(tempfile.mkdtemp(prefix="guiche-journeys-", dir="/tmp"))
    sink = Sink().open()
    outside = {
        "DATABASE_URL": server.another_database("journeys"),
        "GUICHE_SMTP": f"smtp://127.0.0.1:{sink.port}",
        "GUICHE_SENDER": "suporte@prestador.example",
    }
    serving = Serving(home / "var")
    try:
        serving.start(**outside)
        address = f"http://127.0.0.1:{serving.port}"
        link = next(line.strip() for line in serving.said().splitlines() if "/configurar/" in line)
        yield Product(address, serving, sink, link.removeprefix(address), staged(serving, address, outside))
    finally:
        serving.stop()
        sink.close()
        shutil.rmtree(home, ignore_errors=True)


def staged(serving: Serving, address: str, outside: dict[str, str]) -> dict[str, int]:
    """Register the people of the stories."""
    more = {**outside, "GUICHE_ADDRESS": address, "DJANGO_SETTINGS_MODULE": "guiche.config.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.stage"],
        env=environment(serving.home, **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="package")
def crowd(product: Product) -> Iterator[Crowd]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield Crowd(browser, product)
        browser.close()


@pytest.fixture(autouse=True)
def nothing_to_complain(crowd: Crowd) -> Iterator[None]:
    """No story leaves an error in the console, a refusal of the content policy, or a file that is not there."""
    crowd.complaints.clear()
    crowd.expected = ""
    yield
    assert [one for one in crowd.complaints if not (crowd.expected and re.search(crowd.expected, one))] == []


@pytest.fixture(scope="package")
def elisa(crowd: Crowd, product: Product) -> str:
    """The address of the first administrator, who was made on the link of `guiche setup`."""
    with crowd.window() as page:
        page.goto(product.setup_link)
        page.get_by_label("Nome").fill("Elisa Esteves")
        page.get_by_label("E-mail").fill("elisa@lume.example")
        page.locator("input[name=password]").fill("picote-canhoto-2026")
        page.get_by_role("button", name="Criar conta e entrar").click()
        page.wait_for_url("**/administracao/")
    return "elisa@lume.example"
