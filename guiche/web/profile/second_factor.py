"""My security: the second step of signing in, its keys and codes, and proving again that it is me."""

from __future__ import annotations

from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import ReauthenticateView as CodeReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from guiche.web.http import Request
from guiche.web.public.adapters import is_required

CODES = 10  # reserve codes made at once


@require_safe
def security(request: Request) -> HttpResponse:
    """Password, code app, passkeys and reserve codes, each with its one button."""
    kinds: dict[str, list[Any]] = {}  # Any: the library's rows
    for row in Authenticator.objects.filter(user=request.user).order_by("created_at", "id"):
        kinds.setdefault(row.type, []).append(row)
    app = next(iter(kinds.get(Authenticator.Type.TOTP, [])), None)
    codes = next(iter(kinds.get(Authenticator.Type.RECOVERY_CODES, [])), None)
    passkeys = [{"row": row, "name": row.wrap().name} for row in kinds.get(Authenticator.Type.WEBAUTHN, [])]
    context = {
        "app": app,
        "passkeys": passkeys,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "codes_made": CODES,
        "missing": is_required(request.user) and not app and not passkeys,
    }
    return render(request, "profile/security.html", context)


class _Kind:
    """Answers a refused form with 422, tells the page that it failed, and says in a word what was done."""

    request: Request
    done = ""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # of the library's view beside us
        response.status_code = 422
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # of the library's view beside us
        if self.done:
            messages.success(self.request, str(self.done))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]  # of the library's view
        form = context.get("form")
        if form is not None and "code" in form.fields:
            form.fields["code"].widget.attrs.pop("placeholder", None)  # a label is enough
            form.fields["code"].error_messages["required"] = _("Write the code")
        context["failed"] = bool(form is not None and form.is_bound and form.errors)
        context["home"] = reverse("profile:security")
        return context


class Confirm(_Kind, ReauthenticateView):  # type: ignore[misc]  # the library has no types
    template_name = "profile/confirm.html"


class ConfirmCode(_Kind, CodeReauthenticateView):  # type: ignore[misc]  # the library has no types
    template_name = "profile/confirm_code.html"


class ConfirmPasskey(_Kind, ReauthenticateWebAuthnView):  # type: ignore[misc]  # the library has no types
    template_name = "profile/confirm_passkey.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, _("This passkey was not recognised. Try another way."))
        return redirect("account_reauthenticate")


class AddApp(_Kind, ActivateTOTPView):  # type: ignore[misc]  # the library has no types
    """The picture for the code app, its key in letters, and the first code as a proof."""

    template_name = "profile/add_app.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        context["key"] = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
        # The library's own drawing of a text of ours, without its XML declaration.
        context["picture"] = Markup(context["totp_svg"].partition("?>")[2] or context["totp_svg"])  # noqa: S704
        return context


class RemoveApp(_Kind, DeactivateTOTPView):  # type: ignore[misc]  # the library has no types
    template_name = "profile/remove_factor.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "title": _("Remove the authenticator app"), "what": ""}


class AddPasskey(_Kind, AddWebAuthnView):  # type: ignore[misc]  # the library has no types
    template_name = "profile/add_passkey.html"


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]  # the library has no types
    template_name = "profile/remove_factor.html"

    def form_valid(self, form: Any) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.get_object()):
            context = self.get_context_data(
                form=form, refusal=_("A second step is required here. Add another one before.")
            )
            return self.render_to_response(context, status=422)  # type: ignore[no-any-return]
        response: HttpResponse = super().form_valid(form)
        messages.success(self.request, _("Passkey removed."))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        title = _("Remove the passkey")
        return {**context, "title": title, "what": self.get_object().wrap().name, "home": reverse("profile:security")}


class Codes(ViewRecoveryCodesView):  # type: ignore[misc]  # the library has no types
    """The reserve codes, shown until the page is left; new ones replace them."""

    template_name = "profile/codes.html"


class NewCodes(_Kind, GenerateRecoveryCodesView):  # type: ignore[misc]  # the library has no types
    template_name = "profile/new_codes.html"
