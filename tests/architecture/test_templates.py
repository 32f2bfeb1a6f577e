"""Every template is used, every template that is asked for exists, and every page comes from Jinja2."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.urls import Resolver404, resolve

from guiche.web import areas
from tests.architecture.walk import Walk

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"""["']([a-z0-9_/]+\.(?:html|txt|typ))["']""")
FOLDERS = [Path(folder) for folder in settings.TEMPLATES[0]["DIRS"]]
# Only for those who look at the components while they change them: tests/web/gallery.py.
ONLY_SHOWN: set[str] = set()


def templates() -> dict[str, Path]:
    """Return every template of ours by its name."""
    kinds = ("*.html", "*.txt")
    return {str(path.relative_to(folder)): path for folder in FOLDERS for kind in kinds for path in folder.rglob(kind)}


def named_in(path: Path) -> set[str]:
    return {name for name in NAMED.findall(path.read_text()) if "/" in name}


class TestFiles:
    def test_none_is_missing(self) -> None:
        known = templates()
        sources = [*(ROOT / "guiche").rglob("*.py"), *known.values()]
        asked = {name: path for path in sources for name in named_in(path) if not name.endswith(".typ")}

        assert {name: path for name, path in asked.items() if name not in known} == {}

    def test_none_is_unused(self) -> None:
        known = templates()
        used = {name for path in (ROOT / "guiche").rglob("*.py") for name in named_in(path)} & known.keys()
        reached: set[str] = set()
        while used:
            reached |= used
            used = {name for one in used for name in named_in(known[one])} & known.keys() - reached

        assert known.keys() - reached - ONLY_SHOWN == set()

    @pytest.mark.parametrize("name", sorted(templates()))
    def test_each_can_be_read(self, name: str) -> None:
        engines["jinja2"].get_template(name)  # type: ignore[attr-defined]


class TestPages:
    def test_come_from_jinja2(self, walk: Walk) -> None:
        assert walk.django_templates == set()

    def test_have_one_heading_a_title_and_a_language(self, walk: Walk) -> None:
        whole = [one for one in walk.pages if "<html" in one.text and not one.is_htmx]
        assert len(whole) > 300

        wrong = [
            str(one)
            for one in whole
            if len(re.findall(r"<h1[\s>]", one.text)) != 1
            or not re.search(r"<title>[^<]+</title>", one.text)
            or 'lang="pt-br"' not in one.text.lower()
        ]
        assert not wrong, "\n".join(wrong)

    def test_are_fragments_for_htmx(self, walk: Walk) -> None:
        """A page asked for by a link with `hx-get` is what the link would open; an answer to a form is not."""
        refused = [one for one in walk.pages if one.is_htmx and one.status in {403, 404}]

        assert refused
        assert [str(one) for one in refused if "<html" in one.text] == []


class Links(HTMLParser):
    """Where the elements of a page lead, and which of them work only with htmx."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: set[str] = set()
        self.hollow: list[str] = []

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in given}
        for name in ("href", "action", "formaction", "hx-get", "hx-post", "data-source", "data-save"):
            if attributes.get(name, "").startswith("/"):
                self.addresses.add(attributes[name])
        if tag == "form" and "hx-post" in attributes and attributes["hx-post"] != attributes.get("action"):
            self.hollow.append(f"{tag} {attributes}")
        if tag == "a" and "hx-get" in attributes and attributes["hx-get"].split("?")[0] != _path(attributes):
            self.hollow.append(f"{tag} {attributes}")
        if tag == "button" and "hx-post" in attributes and attributes["hx-post"] != attributes.get("formaction"):
            self.hollow.append(f"{tag} {attributes}")


def _path(attributes: dict[str, str]) -> str:
    return attributes.get("href", "").split("?")[0]


class TestLinks:
    def test_lead_somewhere_that_the_reader_may_enter(self, walk: Walk) -> None:
        dead = set()
        for page in walk.pages:
            reader = walk.world.people[page.who]
            for address in _links(page.text).addresses:
                if address.startswith(("/static/", "//")):
                    continue
                try:
                    route = resolve(re.split(r"[?#]", address)[0]).view_name
                except Resolver404:
                    dead.add(f"{page.gate.route}: {address} leads nowhere")
                    continue
                area = areas.area_of(route)
                if (
                    reader
                    and route != areas.START
                    and area not in areas.OPEN_TO_ALL
                    and not areas.may_enter(area, reader)
                ):
                    dead.add(f"{page.gate.route} as {page.who}: {address} is closed")

        assert not dead, "\n".join(sorted(dead))

    def test_of_htmx_work_without_it(self, walk: Walk) -> None:
        hollow = {f"{page.gate.route}: {one}" for page in walk.pages for one in _links(page.text).hollow}

        assert not hollow, "\n".join(sorted(hollow))


def _links(text: str) -> Links:
    reader = Links()
    reader.feed(text)
    return reader
