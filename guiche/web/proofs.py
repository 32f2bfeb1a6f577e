"""Proving again that it is me, before what would let a stolen session keep what it took."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from guiche.web.http import Request

View = Callable[..., HttpResponse]


def freshly_proven(view: View) -> View:
    """Let in only who signed in or confirmed the password (or a second step) in the last minutes.

    Others are asked on the page of confirmation, and come back to this one.
    """

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # Any: what the address holds
        if not is_reauthentication_required(request, app="account"):
            return view(request, *args, **kwargs)
        ask = f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}"
        return HttpResponse(status=204, headers={"HX-Redirect": ask}) if request.htmx else redirect(ask)

    return guarded
