"""Text that people typed: shown as light Markdown, compared, and cleaned before it is kept. Pure."""

import re
import unicodedata
from collections.abc import Iterator, MutableMapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup, escape

# Texts past this length are shown as they are: nobody typed them, and parsing them would hold a page up.
LONGEST_PARSED = 60_000
LONGEST_CACHED = 10_000
LONGEST_NAME = 120  # characters; at most four times as many bytes on a disk

# The only pictures shown inside a text: what was pasted into it and kept by us.
OWN_FILE = re.compile(r"^/arquivos/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/(miniatura/)?\Z")
_OWN_PAGE = re.compile(r"^/(?![/\\])[^\\\s]*\Z")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'`´“”‘’|\\^{}]{1,2000}", re.IGNORECASE)
_AFTER_ADDRESS = ".,;:!?*_~"
# Signs that turn the direction of all that follows are among them: each line of ours would read backwards after one.
_CONTROLS_BUT_BREAKS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_RESERVED_NAME = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_UNSAFE_IN_NAME = re.compile(r'[<>:"|?*]')

# What people type is not Markdown source: a line of dashes is no heading, four spaces are no code, a backslash
# is part of a Windows path, and a definition of a reference would make a sentence disappear.
_PARSER_RULES = ["backticks", "blockquote", "emphasis", "fence", "image", "link", "list", "newline", "strikethrough"]

_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "loading"}, "ol": {"start"}}
_CLEANER = nh3.Cleaner(
    tags={"p", "br", "strong", "em", "s", "ul", "ol", "li", "code", "pre", "blockquote", "a", "img"},
    clean_content_tags={"script", "style"},
    attributes=_ATTRIBUTES,
    attribute_filter=lambda tag, name, value: _filter_attribute(tag, name, value),
    url_schemes={"http", "https", "mailto", "tel"},
    url_relative="pass_through",
    link_rel="noopener nofollow",
    strip_comments=True,
)


def render(markdown: str) -> Markup:
    """Return the light Markdown that somebody typed as safe HTML, its line breaks kept.

    Bold, italic, struck, lists, quotes, code, links and our own pasted pictures. A picture from
    elsewhere becomes a link, so that reading a ticket tells nobody that it was read.
    """
    if len(markdown) > LONGEST_CACHED:
        return _render(markdown)
    return _render_remembered(markdown)


def plain(markdown: str) -> str:
    """Return what is read of a text once its marks are gone: for search, snippets and the plain part of a letter."""
    if len(markdown) > LONGEST_PARSED:
        return typed(markdown)
    lines = "".join(_words(_parser().parse(typed(markdown)))).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def normalize(text: str) -> str:
    """Return `text` as search keys and duplicate checks compare it: lower case, no accents, single spaces."""
    decomposed = unicodedata.normalize("NFKD", typed(text).casefold())
    bare = "".join(
        sign for sign in decomposed if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf"
    )
    return " ".join(bare.split())


def typed(text: str) -> str:
    """Return `text` without what no keyboard writes, and PostgreSQL refuses: NUL, controls, lone surrogates."""
    return _CONTROLS_BUT_BREAKS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean_name(name: str, *, empty: str = "file") -> str:
    """Return a file name that is safe to show and to suggest on download; `empty` when nothing is left of it.

    No folders, control or invisible signs (a reversed "gpj.exe" shows its true end), no leading or
    trailing dots, no name that Windows reserves; at most 120 characters, the extension kept.
    """
    last = re.split(r"[/\\]", _unquoted(name))[-1]
    visible = "".join(sign for sign in unicodedata.normalize("NFC", last) if _is_visible(sign))
    cleaned = " ".join(_UNSAFE_IN_NAME.sub("_", visible).split()).strip(". ")
    if _RESERVED_NAME.match(cleaned):
        cleaned = f"_{cleaned}"
    return _shortened(cleaned) or empty


def _unquoted(name: str) -> str:
    # Twice, because a dot or slash hidden behind %252e must not come out one door further on.
    return unquote(unquote(name)) if "%" in name else name


def _is_visible(sign: str) -> bool:
    """Say whether a sign may stand in a file name: not Cc, Cf (bidi, zero width), Cs, Co, Cn, Zl or Zp."""
    category = unicodedata.category(sign)
    return not category.startswith("C") and category not in {"Zl", "Zp"}


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        return name[:LONGEST_NAME].rstrip(". ")
    return f"{stem[: LONGEST_NAME - len(extension) - 1].rstrip('. ')}.{extension}"


@lru_cache(maxsize=1024)
def _render_remembered(markdown: str) -> Markup:
    return _render(markdown)


def _render(markdown: str) -> Markup:
    text = typed(markdown)
    if len(text) > LONGEST_PARSED:
        return Markup("<p>") + Markup("<br>").join(escape(line) for line in text.split("\n")) + Markup("</p>")
    # Safe: what leaves nh3 is on the list above, and nothing else.
    return Markup(_CLEANER.clean(_parser().render(text)))  # noqa: S704


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"breaks": True, "html": False, "maxNesting": 20})
    parser.enable(_PARSER_RULES)
    parser.core.ruler.push("web_addresses", _link_web_addresses)
    parser.add_render_rule("image", _show_picture)
    return parser


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    """Return the value an attribute keeps, or None to drop it. nh3 has checked the scheme of absolute addresses."""
    if name != "rel" and name not in _ATTRIBUTES.get(
        tag, ()
    ):  # nh3 adds `rel`, and lets `title` and `lang` stand on any tag
        return None
    if tag == "img" and name == "src":
        return value if OWN_FILE.match(value) else None
    if tag == "a" and name == "href" and not re.match(r"^[a-z]+:", value, re.IGNORECASE):
        return value if _OWN_PAGE.match(value) else None
    return value


def _show_picture(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:  # Any: markdown-it leaves the options of a renderer rule open
    token = tokens[index]
    source = str(token.attrs.get("src", ""))
    words = renderer.renderInlineAsText(token.children or [], options, env)
    if OWN_FILE.match(source):
        return f'<img src="{source}" alt="{escape(words)}" loading="lazy">'
    return f'<a href="{escape(source)}">{escape(words or source)}</a>'


def _link_web_addresses(state: StateCore) -> None:
    """Make links of the http addresses in running text, as people expect who paste one."""
    for block in state.tokens:
        if block.type == "inline" and block.children and "://" in block.content:
            block.children = list(_with_links(block.children))


def _with_links(tokens: list[Token]) -> Iterator[Token]:
    inside = 0
    for token in tokens:
        inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and not inside:
            yield from _split_addresses(token.content)
        else:
            yield token


def _split_addresses(text: str) -> Iterator[Token]:
    done = 0
    for found in _WEB_ADDRESS.finditer(text):
        address = _without_tail(found.group())
        yield _text(text[done : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": address})
        yield _text(address)
        yield Token("link_close", "a", -1)
        done = found.start() + len(address)
    yield _text(text[done:])


def _without_tail(address: str) -> str:
    """Return the address without the full stop or bracket that ends the sentence around it."""
    address = address.rstrip(_AFTER_ADDRESS)
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(_AFTER_ADDRESS)
    return address


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


_ENDS_LINE = {"paragraph_close": "\n", "softbreak": "\n", "hardbreak": "\n", "list_item_open": "- "}


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "image":
            yield token.content
        elif token.children:
            yield from _words(token.children)
        elif token.type in _ENDS_LINE:
            yield _ENDS_LINE[token.type]
        elif token.type in {"text", "code_inline", "fence"}:
            yield token.content
