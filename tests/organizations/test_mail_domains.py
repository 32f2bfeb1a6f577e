import pytest

from guiche.organizations import mail_domains


class TestClean:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("Acme.Example", "acme.example"),
            (" @acme.example. ", "acme.example"),
            ("saúde.com.br", "xn--sade-rra.com.br"),
            ("acme", None),
            ("acme..example", None),
            ("a@b.example", None),
            ("-acme.example", None),
            ("acme.example/x", None),
            ("10.0.0.1", None),
            ("", None),
            ("a" * 130 + ".example", None),
        ],
    )
    def test_keeps_one_form(self, typed, kept):
        assert mail_domains.clean(typed) == kept


class TestIsPublic:
    @pytest.mark.parametrize("name", ["gmail.com", "uol.com.br", "hotmail.com", "mail.yahoo.com.br", "com.br", "co.uk"])
    def test_case_026_knows_providers_and_suffixes(self, name):
        assert mail_domains.is_public(name)

    @pytest.mark.parametrize("name", ["acme.example", "notgmail.com", "gmail.com.acme.example", "hospital.com.br"])
    def test_leaves_companies_alone(self, name):
        assert not mail_domains.is_public(name)
