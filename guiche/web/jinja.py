"""The Jinja2 environment of every page: what templates may call, and how values are written."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from guiche.core import formatting, text
from guiche.installation import models as installation
from guiche.web import brand, controls, icons, scripts, stylesheets
from guiche.workflows.stages import Family

TONES = {
    Family.NEW: "info",
    Family.WORK: "work",
    Family.PAUSE: "wait",
    Family.VALIDATE: "wait",
    Family.ON_THE_WAY: "info",
    Family.END: "ok",
    Family.CANCELLED: "neutral",
}
_AVATAR_TONES = ("brand", "info", "work", "ok")


def environment(**options: Any) -> Environment:  # Any: Django hands over whatever OPTIONS holds
    """Return the environment named in `settings.TEMPLATES`. Undefined names raise."""
    options.update(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], **options)  # noqa: S701  # Django sets autoescape
    made.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    made.policies["ext.i18n.trimmed"] = True
    made.globals.update(GLOBALS)
    made.filters.update(FILTERS)
    return made


def url(name: str, *arguments: object, **named: object) -> str:
    return reverse(name, args=arguments, kwargs=named)


@lru_cache(maxsize=256)
def door(name: str, *arguments: object) -> str:
    """Return the address of a route; "" when it does not exist, so that no link is dead."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def is_demonstration() -> bool:
    return bool(settings.DEMONSTRATION)


def notices(request: HttpRequest) -> list[str]:
    """Return, once, what the previous page has to tell (`django.contrib.messages`)."""
    return [str(message) for message in get_messages(request)]


def avatar_tone(key: int | None) -> str:
    """Return the tone of a person's initials: the same on every page."""
    return _AVATAR_TONES[(key or 0) % len(_AVATAR_TONES)]


def rendered(markdown: str) -> Markup:
    """Return what somebody typed as safe HTML."""
    return text.render(markdown)


GLOBALS = {
    "url": url,
    "door": door,
    "static": static,
    "icon": icons.icon,
    "glyph": icons.glyph,
    "bars": icons.bars,
    "brand_mark": icons.brand_mark,
    "brand_style": brand.style,
    "control": controls.control,
    "demonstration": is_demonstration,
    "installation": lambda: installation.current(),
    "now": timezone.now,
    "notices": notices,
    "stylesheets": stylesheets.addresses,
    "scripts": scripts.addresses,
    "tones": TONES,
    "avatar_tone": avatar_tone,
    "language": translation.get_language,
}
FILTERS = {
    "moment": formatting.moment,
    "moment_text": formatting.moment_text,
    "full_moment": formatting.full_moment,
    "relative": formatting.relative,
    "clock": formatting.clock,
    "day": formatting.day,
    "long_day": formatting.long_day,
    "said": formatting.said,
    "filesize": formatting.filesize,
    "number": formatting.number,
    "initials": formatting.initials,
    "dialled": formatting.dialled,
    "rendered": rendered,
}
