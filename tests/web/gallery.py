"""Every macro on one page: rendered by test_parts, and looked at by whoever changes a component."""

from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest
from django.template import engines
from django.utils import timezone

from guiche.accounts.models import User
from guiche.sla.metrics import Metric, Reason
from guiche.sla.reading import TicketState
from guiche.sla.states import Kind, State
from guiche.web import chips
from guiche.web.deadlines import Form
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


def clock_states(now: datetime) -> list[State]:
    """Every state of a clock of twelve hours, and the worst of those that are paused."""
    hour, promised = 3600, 12 * 3600
    used = {
        Kind.ON_TIME: 4 * hour,
        Kind.AT_RISK: promised - 72 * 60,
        Kind.DUE_AT_OPENING: promised,
        Kind.OVERDUE: promised + 35 * 60,
        Kind.PAUSED: promised - 4 * hour - 28 * 60,
        Kind.MET: 42 * 60,
        Kind.MISSED: promised + hour,
        Kind.STOPPED: 2 * hour,
    }
    metrics = [Metric.SOLUTION, Metric.FIRST_RESPONSE, Metric.DIAGNOSIS]
    known = {"since": now - timedelta(hours=26), "target": promised, "due_at": now, "opens_at": now + timedelta(days=2)}
    states = [
        State(metrics[place % 3], kind, Reason.AWAITING_VALIDATION, elapsed=elapsed, **known)
        for place, (kind, elapsed) in enumerate(used.items())
    ]
    waiting = State(Metric.SOLUTION, Kind.PAUSED, Reason.WAITING_ON_CUSTOMER, elapsed=promised + 5 * hour, **known)
    team = State(Metric.TEAM, Kind.PAUSED, Reason.ELSEWHERE, elapsed=hour, team="Suporte PACS e imagem", **known)
    return [*states, waiting, team]


def context() -> dict[str, Any]:
    now = timezone.now()
    clocks = clock_states(now)
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
        "at": now - timedelta(hours=26),
        "chips": [[chips.chip(one, now, form, for_staff=True) for one in clocks] for form in Form],
        "clocks": chips.panel(TicketState(clocks[0], clocks), now, for_staff=True),
    }


def page(request: HttpRequest) -> str:
    """Return the page as HTML."""
    template = engines.all()[0].from_string(SOURCE.read_text(encoding="utf-8"))
    return str(template.render(context(), request))
