"""The JavaScript files of every page: htmx from its wheel, and our elements, joined once they are collected."""

from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

HTMX = "django_htmx/htmx-2.min.js"
ELEMENTS = (
    "auto-save",
    "brand-preview",
    "combo-box",
    "copy-text",
    "dialog-loader",
    "draft-sent",
    "drop-zone",
    "file-limit",
    "file-row",
    "focus-errors",
    "keep-focus",
    "key-shortcuts",
    "live-updates",
    "mode-words",
    "pass-key",
    "pass-word",
    "once-submit",
    "quick-send",
    "reorder-list",
    "theme-choice",
    "toast-tray",
    "while-visible",
)
JOINED = "joined/guiche.js"


def are_joined() -> bool:
    """Whether static files were collected, so that the joined ones exist."""
    return JOINED in getattr(staticfiles_storage, "hashed_files", {})


@lru_cache
def addresses() -> tuple[str, ...]:
    """Return the addresses of htmx and of our elements: one joined file once they were collected, else one each."""
    htmx = staticfiles_storage.url(HTMX)
    if are_joined():
        return htmx, staticfiles_storage.url(JOINED)
    return htmx, *(staticfiles_storage.url(f"js/{name}.js") for name in ELEMENTS)


def joined() -> str:
    """Return all elements as one script. Each keeps its names to itself inside a block."""
    return "\n".join(f"{{\n{_source(name)}}}" for name in ELEMENTS)


def _source(name: str) -> str:
    found = finders.find(f"js/{name}.js")
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")
