"""What fields of forms say of themselves."""

from django import forms

from guiche.web import controls


class TestTooLong:
    def test_is_what_django_says(self) -> None:
        with_limit = forms.CharField(max_length=3)

        assert with_limit.validators[0].message == controls.TOO_LONG

    def test_says_it_our_way(self) -> None:
        class Form(forms.Form):
            name = forms.CharField(max_length=3)

        form = Form({"name": "Marina"})

        assert form.errors["name"] == ["Use no máximo 3 caracteres: agora são 6"]
