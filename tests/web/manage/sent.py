"""What a browser would send of a form of a page, with all that it was drawn with."""

from __future__ import annotations

from html.parser import HTMLParser

Fields = dict[str, list[str]]


def fields_of(page: str, *, holding: list[str]) -> Fields:
    """Return the fields of the first form of `page` that has all of `holding`."""
    reader = _Forms()
    reader.feed(page)
    return next(form for form in reader.forms if set(holding) <= set(form))


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Fields] = []
        self._select = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
        if not self.forms:
            return
        if tag == "input" and given.get("name"):
            self._input(given)
        elif tag == "select":
            self._select = given["name"]
            self.forms[-1].setdefault(self._select, [])
        elif tag == "option" and self._select and "selected" in given:
            self.forms[-1][self._select].append(given["value"])
        elif tag == "textarea":
            self._text = given["name"]
            self.forms[-1][self._text] = [""]

    def _input(self, given: dict[str, str]) -> None:
        values = self.forms[-1].setdefault(given["name"], [])
        if given.get("type") == "file" or (given.get("type") in {"radio", "checkbox"} and "checked" not in given):
            return
        values.append(given.get("value", "on"))

    def handle_data(self, data: str) -> None:
        if self._text:
            self.forms[-1][self._text][0] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = ""
