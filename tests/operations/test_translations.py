"""Catalogues are compiled when they have changed, and only then."""

import gettext
import os
from pathlib import Path

import pytest

from guiche.operations import translations

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Ticket"
msgstr "Chamado"
"""


@pytest.fixture
def catalogue(tmp_path) -> Path:
    path = tmp_path / "pt_BR/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO)
    return path


def test_compiles_what_python_reads(catalogue, tmp_path):
    assert translations.compile_changed(tmp_path) == 1

    assert gettext.translation("django", tmp_path, ["pt_BR"]).gettext("Ticket") == "Chamado"


def test_compiles_again_only_after_a_change(catalogue, tmp_path):
    translations.compile_changed(tmp_path)
    assert translations.compile_changed(tmp_path) == 0

    catalogue.write_text(PO.replace("Chamado", "Pedido"))
    later = catalogue.with_suffix(".mo").stat().st_mtime + 5
    os.utime(catalogue, (later, later))

    assert translations.compile_changed(tmp_path) == 1
    assert gettext.translation("django", tmp_path, ["pt_BR"]).gettext("Ticket") == "Pedido"
