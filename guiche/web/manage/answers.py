"""How every page of administration answers: shown with its menu, a form done or refused, a button pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from guiche.accounts.roles import Role
from guiche.core.errors import NotAllowed, Refused
from guiche.web import editing
from guiche.web.http import Request, refuse
from guiche.web.manage import acts, sections

Crumbs = list[tuple[str, str]]  # words and address, from the outside in, without the page itself
Act = Callable[[dict[str, Any]], Any]  # Any: what a form cleaned, and whatever its action returns


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """What a page with one form says. `done` and `to` (an address) may be made of what the action returned."""

    title: str
    button: str
    done: str | Callable[[Any], str]
    to: str | Callable[[Any], str]
    text: str = ""
    crumbs: Crumbs = field(default_factory=list)
    searches: Mapping[str, str] = field(default_factory=dict)  # typeahead field → where its options come from
    template: str = "manage/form.html"
    variant: str = "primary"  # of the button: "danger" where something is taken away
    more: Mapping[str, Any] = field(default_factory=dict)
    kept: editing.Kept | None = None  # what the form changes: who was slower than somebody else is told


def show(
    request: Request, template: str, *, title: str, text: str = "", crumbs: Crumbs | None = None, **more: Any
) -> HttpResponse:
    """Render a page of administration. After a refused button (`press`) it says why, with status 422."""
    refusal = getattr(request, "refusal", "")
    status = more.pop("status", 422 if refusal else 200)
    failed = more.pop("failed", False) or bool(refusal)
    context = {
        "title": title,
        "text": text,
        "crumbs": [*(crumbs or []), (title, "")] if crumbs else [],
        "sections": sections.of(request),
        "refusal": refusal,
        "failed": failed,
        "role_names": dict(Role.choices),
        "act_names": acts.words,
        **more,
    }
    return render(request, template, context, status=status)


def form_page(request: Request, form: BaseForm, act: Act, page: FormPage) -> HttpResponse:
    """Show `form`; when it was posted and is in order, do `act` and go on to where `page` says.

    A refused form keeps what was typed and answers 422.
    """
    if page.kept:
        editing.watch(form)
    if form.is_bound and form.is_valid():
        try:
            result = editing.save(form, page.kept, act) if page.kept else act(form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refusal:
            refuse(form, refusal)
        else:
            if said := page.done(result) if callable(page.done) else page.done:
                messages.success(request, said)
            return redirect(page.to(result) if callable(page.to) else page.to)
    return show(
        request,
        page.template,
        title=page.title,
        text=page.text,
        crumbs=page.crumbs,
        form=form,
        failed=form.is_bound,
        button=page.button,
        variant=page.variant,
        searches=page.searches,
        status=422 if form.is_bound else 200,
        **page.more,
    )


def press(
    request: Request, act: Callable[[], Any], *, done: str, to: str, back: Callable[[Request], HttpResponse]
) -> HttpResponse:
    """Do what a button says and go to `to`; when a rule says no, show the page `back` again with the sentence."""
    try:
        act()
    except NotAllowed:
        raise
    except Refused as refusal:
        request.refusal = refusal.message or " ".join(refusal.fields.values())  # type: ignore[attr-defined]  # read by show()
        return back(request)
    if done:
        messages.success(request, done)
    return redirect(to)


def posted(request: Request) -> Any:
    """Return what a form was sent with, or None: bound only by a POST. Any: Django's own annotation of `data`."""
    return request.POST if request.method == "POST" else None


def address(name: str, *arguments: object) -> str:
    return reverse(f"manage:{name}", args=arguments)
