"""Statements, the logo, and what a supervisor asks: is the process alive, can it answer."""

from __future__ import annotations

from django.db import Error, connection
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guiche.files import serving
from guiche.files.models import StoredFile
from guiche.installation import models as installation
from guiche.web import downloads
from guiche.web.http import Request


@require_safe
def accessibility(request: Request) -> HttpResponse:
    return render(request, "public/accessibility.html")


@require_safe
def privacy(request: Request) -> HttpResponse:
    return render(request, "public/privacy.html")


@require_safe
def logo(request: Request) -> HttpResponseBase:
    """The provider's logo, seen before signing in. Browsers keep it: the address that pages write carries the file."""
    stored = StoredFile.objects.filter(pk__in=[installation.current().logo_id]).first()
    if stored is None:
        raise Http404
    return downloads.served(serving.serve_thumbnail(stored, to=request.user) or serving.serve(stored, to=request.user))


@require_safe
def livez(request: Request) -> HttpResponse:
    """The process answers. Asks nothing of anybody."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: Request) -> HttpResponse:
    """The process answers and its database too."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("no database", content_type="text/plain", status=503)
    return HttpResponse("ok", content_type="text/plain")
