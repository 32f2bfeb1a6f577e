"""docs/security.md names tests: those that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/security.md").read_text()
SECTIONS = """
1 2 4 5 7 8 10 11 13 14 16 17 19 20 22 23 25 26 28 29 31 32 34 35 37 38 40 41 43 44 46 47 49 50 52 53 55 56 58 59 61
62 64 65 67 68 70 71 101 103 104 106 107 109 110 112 113 115 116 118 119 121 122 134 136 137 139 140 142 143 145 146
148 149 151 152 154 157 158 160 161 163 164 166 167 169 170 172 173 175 176 208 209 211 212 215 217 218 220 223 224
226 227 229 239
"""


def test_every_test_that_it_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    written = {
        name for path in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text())
    }

    assert len(named) > 120
    assert not named - written


def test_every_case_has_its_line() -> None:
    lines = [line for line in PAGE.splitlines() if re.match(r"\| \d", line)]
    told = {number for line in lines for number in re.findall(r"\d+", line.split("|")[1])}

    assert not set(SECTIONS.split()) - told


def test_a_line_names_a_test_or_says_why_not_yet() -> None:
    lines = [line for line in PAGE.splitlines() if re.match(r"\| \d", line)]

    assert not [line for line in lines if "`test_" not in line and "*later*" not in line and "operating.md" not in line]
