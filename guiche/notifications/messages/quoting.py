"""What somebody typed, as a letter shows it: links whole, pictures by name, because a mailbox is not signed in."""

import re

from django.utils.html import format_html
from django.utils.translation import gettext as _
from markupsafe import Markup

from guiche.core import text

_OWN_LINK = re.compile(r'<a href="(/[^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_PICTURE = re.compile(r"<img [^>]*>")
_WORDS_OF_PICTURE = re.compile(r'alt="([^"]*)"')


def html(markdown: str, *, address: str) -> Markup:
    """Return `markdown` as safe HTML; links to our pages begin with `address`, or are plain words when it is blank."""
    shown = _PICTURE.sub(_picture_named, str(text.render(markdown)))
    whole = rf'<a href="{address}\1"\2>\3</a>' if address else r"\3"
    # Safe: it left core.text.render(), and only our own address and our own words were put in.
    return Markup(_OWN_LINK.sub(whole, shown))  # noqa: S704


def _picture_named(found: re.Match[str]) -> str:
    words = _WORDS_OF_PICTURE.search(found.group())
    # The words are escaped already: they come from an attribute that the cleaner wrote.
    name = Markup(words.group(1)) if words and words.group(1) else _("see the portal")  # noqa: S704
    return str(format_html("[{}: {}]", _("picture"), name))
