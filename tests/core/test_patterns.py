"""Every regular expression of the product answers soon, whatever is held against it (abuse case 139)."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import guiche

LENGTH = 20_000
SECONDS = 0.5  # a quadratic one takes many times as long at this length
WHOLE = {"guiche.organizations.mail_domains._NAME"}  # only ever held against all of a word
# Runs of what patterns repeat, before what makes them fail. A few begin like what the pattern looks for.
RUNS = (" ", "\t", "a", "1", "-", "a-", ".", "a.", "<", "<a ", "&", "[", "(", "/", "'", '"', ",", ", '", "{", "@", "\n")
STARTS = ("", "a", "aaaaaaaa", "#", "1", "1 h", "/", "<a href=", "http://", "https://a", "from", "{", "digest:")


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Return each pattern that a module of the product holds, by its name."""
    for module in pkgutil.walk_packages(guiche.__path__, "guiche."):
        if ".migrations" in module.name or module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                yield f"{module.name}.{name}", value


FOUND = dict(patterns())


def test_they_are_found() -> None:
    assert len(FOUND) > 25


@pytest.mark.parametrize("name", FOUND)
def test_case_139_no_pattern_is_slow(name: str) -> None:
    for start in STARTS:
        for run in RUNS:
            text = f"{start}{run * (LENGTH // len(run))}\x01"
            began = time.process_time()
            (FOUND[name].fullmatch if name in WHOLE else FOUND[name].search)(text)
            assert time.process_time() - began < SECONDS, (start, run)
