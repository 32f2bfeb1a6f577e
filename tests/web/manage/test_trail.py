"""The audit trail in words."""

from guiche.audit.models import Entry
from guiche.web.manage import trail


def test_says_details_without_a_code():
    entry = Entry(details={"reach": "all", "is_portal_administrator": False, "fields": ["phone"], "site": None})

    assert trail.details(entry) == "alcance: Toda a organização; administra o portal: não; campos: telefone"


def test_says_what_changed_and_keeps_what_somebody_wrote():
    entry = Entry(details={"before": {"reach": "own"}, "name": "PACS all", "new_column": ["agent"]})

    assert trail.details(entry) == "antes: alcance Somente os próprios; nome: PACS all; new column: Analista"
