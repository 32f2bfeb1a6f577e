"""Every macro on one page: rendered by test_parts, and looked at by whoever changes a component."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest
from django.template import engines
from django.utils import timezone

from guiche.accounts.models import User
from guiche.workflows.models import Status
from guiche.workflows.stages import Family

SOURCE = Path(__file__).with_name("gallery.html")
LABELS = {
    Family.NEW: "Aberto",
    Family.WORK: "Em atendimento",
    Family.PAUSE: "Pendência cliente",
    Family.VALIDATE: "Aguardando validação",
    Family.ON_THE_WAY: "Despachado",
    Family.END: "Fechado",
    Family.CANCELLED: "Cancelado",
}


class EveryKind(forms.Form):
    title = forms.CharField(label="Título", help_text="Diga a tela e o que acontece.", max_length=120)
    email = forms.EmailField(label="E-mail", widget=forms.EmailInput({"autocomplete": "email"}))
    phone = forms.CharField(
        label="Telefone", required=False, widget=forms.TextInput({"type": "tel", "inputmode": "tel"})
    )
    days = forms.IntegerField(label="Fecha sozinho depois de", required=False)
    on = forms.DateField(label="Dia", required=False, widget=forms.DateInput({"type": "date"}))
    product = forms.ChoiceField(label="Produto", choices=[("", "Escolha"), ("Família", [("p", "PACS"), ("r", "RIS")])])
    reach = forms.ChoiceField(
        label="Alcance", widget=forms.RadioSelect, choices=[("own", "Os próprios"), ("all", "Todos")]
    )
    roles = forms.MultipleChoiceField(
        label="Papéis",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", "Analista"), ("s", "Supervisão")],
    )
    keep = forms.BooleanField(label="Manter o acesso neste aparelho", required=False, help_text="Não use em público.")
    sheet = forms.FileField(label="Planilha", required=False)
    text = forms.CharField(label="Descrição", widget=forms.Textarea)
    secret = forms.CharField(label="Senha", widget=forms.PasswordInput({"autocomplete": "current-password"}))
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


def refused_form() -> EveryKind:
    form = EveryKind({"title": "Impressora <b>", "email": "sem arroba", "product": "p", "roles": ["a"], "days": "7"})
    form.add_error(None, "Este chamado mudou enquanto você escrevia.")
    return form


def context() -> dict[str, Any]:
    marina = User(pk=4, name="Marina Duarte")
    rafael = User(pk=5, name="Rafael Nunes")
    statuses = [Status(name=label, family=family, customer_name="") for family, label in LABELS.items()]
    severities = [
        {
            "value": 4,
            "label": "Baixo impacto",
            "text": "A operação segue normalmente.",
            "note": "56 h",
            "tone": "ok",
            "bars": 1,
        },
        {"value": 2, "label": "Indisponibilidade parcial", "text": "Parte não funciona.", "tone": "wait", "bars": 3},
        {"value": 1, "label": "Indisponibilidade total", "text": "O sistema parou.", "tone": "danger", "bars": 4},
    ]
    files = [SimpleNamespace(id="a1", name="fila-impressao.png", size=421_888, is_picture=True, href="/x/")]
    return {
        "marina": marina,
        "rafael": rafael,
        "statuses": statuses,
        "severities": severities,
        "families": Family.choices,
        "files": files,
        "form": EveryKind(),
        "refused": refused_form(),
        "at": timezone.now() - timedelta(hours=26),
    }


def page(request: HttpRequest) -> str:
    """Return the page as HTML."""
    template = engines.all()[0].from_string(SOURCE.read_text(encoding="utf-8"))
    return str(template.render(context(), request))
