"""Text that people typed: what is shown of it, what is compared, what is never let through."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiche.core import text

PICTURE = "/arquivos/0f8fad5b-d9cb-469f-a165-70867728950e/"

HOSTILE = [
    "<script>window.__pwn=1</script>",
    "<svg/onload=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<div hx-get='/administracao/' hx-trigger=load>x</div>",
    "<form action=//evil.example><input name=token></form>",
    "<style>*{position:fixed}</style>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example/a)",
    "[x](/\\evil.example/a)",
    "[x](<javascript:alert(1)>)",
    "![x](data:image/svg+xml;base64,AAAA)",
    "![x](https://evil.example/pixel.gif)",
    "![x](//evil.example/pixel.gif)",
    f"![x]({PICTURE}../../sair/)",
    '![x" onerror="alert(1)](https://evil.example/x)',
    '[x](https://a.example "t\\" onclick=alert(1)")',
    'https://a.example/"onmouseover=alert(1)',
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "`<script>alert(1)</script>`",
    "```<script>\n<script>alert(1)</script>\n```",
    "{{7*7}} {% debug %} {{settings.SECRET_KEY}} {0.__class__}",
    "<a href='https://a.example' style='position:fixed' data-hx-get='/x'>x</a>",
]
TAG = re.compile(r"<(/?)([a-z]+)((?:\s+[a-z-]+=\"[^\"<]*\")*)\s*>")
ALLOWED = {"p", "br", "strong", "em", "s", "ul", "ol", "li", "code", "pre", "blockquote", "a", "img"}
ATTRIBUTES = {"href", "rel", "src", "alt", "loading", "start"}


def assert_harmless(html: str) -> None:
    """Fail unless every tag and attribute of `html` is on the short list and goes where we allow."""
    assert "<" not in TAG.sub("", html)
    for _closing, tag, rest in TAG.findall(html):
        assert tag in ALLOWED
        for name, value in re.findall(r"([a-z-]+)=\"([^\"]*)\"", rest):
            assert name in ATTRIBUTES
            if name == "src":
                assert text.OWN_FILE.match(value)
            if name == "href":
                assert re.match(r"(https?://|mailto:|tel:|/[^/\\])", value, re.IGNORECASE)


class TestRender:
    @pytest.mark.parametrize("words", HOSTILE)
    def test_lets_nothing_hostile_through(self, words: str) -> None:
        assert_harmless(text.render(words))

    @given(
        st.lists(st.sampled_from([*HOSTILE, "*", "`", "[", "](", ")", "\n", "> ", "- ", "<", '"', "é"]), max_size=12)
    )
    def test_lets_no_mixture_of_hostile_things_through(self, parts: list[str]) -> None:
        assert_harmless(text.render("".join(parts)))

    def test_shows_template_code_as_it_was_typed(self) -> None:
        assert text.render("{{7*7}} {% debug %}") == "<p>{{7*7}} {% debug %}</p>\n"

    def test_keeps_line_breaks_lists_and_emphasis(self) -> None:
        html = text.render("**Erro** ao _salvar_\nde novo\n\n- um\n- dois")

        assert html.startswith("<p><strong>Erro</strong> ao <em>salvar</em><br>\nde novo</p>")
        assert html.count("<li>") == 2

    def test_keeps_what_only_looks_like_markdown(self) -> None:
        html = text.render("Título\n---\n\\\\servidor\\pasta &amp; [a]: b")

        assert "<h2>" not in html
        assert "\\\\servidor\\pasta &amp;amp; [a]: b" in html

    def test_links_a_pasted_address_without_the_full_stop_after_it(self) -> None:
        html = text.render("Veja (https://a.example/x_(y)).")

        assert 'href="https://a.example/x_(y)"' in html
        assert 'rel="noopener nofollow"' in html
        assert html.endswith(").</p>\n")

    def test_shows_our_own_picture(self) -> None:
        assert f'<img src="{PICTURE}" alt="tela" loading="lazy">' in text.render(f"![tela]({PICTURE})")

    def test_makes_a_remote_picture_a_link(self) -> None:
        html = text.render("![nota](https://evil.example/p.gif)")

        assert "<img" not in html
        assert '<a href="https://evil.example/p.gif" rel="noopener nofollow">nota</a>' in html

    @pytest.mark.parametrize(
        "words",
        [
            "[" * 10_000,
            "[" * 30_000 + "]" * 30_000,
            "![" * 10_000,
            "[a](" * 10_000,
            "*a_ " * 10_000,
            "**a" * 20_000,
            ">" * 10_000,
            "- " * 10_000,
            "`a``" * 10_000,
            "a\n" * 30_000,
            "[x](<" * 8_000,
            "http://a" + ")" * 50_000,
            "x" * 5_000_000,
        ],
        ids=lambda words: f"{words[:6]!r} x {len(words)}",
    )
    def test_takes_a_bounded_time(self, words: str) -> None:
        started = time.process_time()

        text.render(words)

        assert time.process_time() - started < 2


class TestPlain:
    def test_drops_the_marks_and_keeps_the_words(self) -> None:
        assert text.plain("**Erro** em [casa](https://a.example)\n\n- um\n- `dois`") == "Erro em casa\n- um\n- dois"

    def test_leaves_angle_brackets_as_words(self) -> None:
        assert text.plain("<b>x</b>") == "<b>x</b>"


class TestNormalize:
    @pytest.mark.parametrize(
        ("typed", "compared"),
        [("  Não   LIGA ", "nao liga"), ("Ação\u200b", "acao"), ("Straße", "strasse"), ("ﬁm\x00", "fim"), ("", "")],
    )
    def test_compares_as_people_do(self, typed: str, compared: str) -> None:
        assert text.normalize(typed) == compared


class TestTyped:
    def test_removes_what_no_keyboard_writes(self) -> None:
        assert text.typed("a\x00b\x1b[31m\ud800c\r\nd\re\tf\x85") == "ab[31mc\nd\ne\tf"

    def test_113_turns_no_line_of_ours_around(self) -> None:
        assert text.typed("Feriado \u202e\u2066\u202ddia\u2069\u202c") == "Feriado dia"
        assert text.typed("שלום \u200f(1)") == "שלום \u200f(1)"


class TestCleanName:
    """Abuse cases 101 and 113."""

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("foto.png", "foto.png"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Temp\\nota.pdf", "nota.pdf"),
            (".htaccess", "htaccess"),
            (".user.ini", "user.ini"),
            ("web.config.", "web.config"),
            ("a.php\u200b", "a.php"),
            ("a.php. . .", "a.php"),
            ("a%2ephp", "a.php"),
            ("..%2f..%2fx.txt", "x.txt"),
            ("%252e%252e%252fx.txt", "x.txt"),
            ("foto\u202egpj.exe", "fotogpj.exe"),
            ("a\x00.png", "a.png"),
            ("a\r\nSet-Cookie: x.png", "aSet-Cookie_ x.png"),
            ("CON", "_CON"),
            ("lpt1.txt", "_lpt1.txt"),
            ('a<b>"c|d?.txt', "a_b__c_d_.txt"),
            ("relatório  final.pdf", "relatório final.pdf"),
            ("😀.png", "😀.png"),
            ("", "file"),
            ("...", "file"),
            ("\u202e\u200b", "file"),
            ("a/", "file"),
        ],
    )
    def test_is_safe_to_show_and_to_suggest(self, given: str, kept: str) -> None:
        assert text.clean_name(given) == kept

    def test_keeps_the_extension_of_a_long_name(self) -> None:
        name = text.clean_name("a" * 300 + ".pdf")

        assert len(name) == 120
        assert name.endswith("a.pdf")
