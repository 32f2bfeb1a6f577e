"""Coming in and going out: password, second step, passkey, sign out."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows import login as flows
from allauth.account.models import Login
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guiche.accounts.models import User
from guiche.web import areas
from guiche.web.http import Request, safe_next
from guiche.web.public import remembered
from guiche.web.public.adapters import AccountAdapter, Paused
from guiche.web.public.forms import SignInForm


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def signin(request: Request) -> HttpResponse:
    """The gate. A wrong pair keeps the e-mail; after five, 15 minutes of pause, the same for any address."""
    if request.user.is_authenticated:
        return redirect(safe_next(request, areas.home_of(request.user)))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            user = AccountAdapter(request).authenticate(request, email=values["email"], password=values["password"])
        except Paused as pause:
            return _paused(request, pause)
        if user:
            return _with_password(request, user, remember=values["remember"])
        form.add_error("password", _("E-mail or password do not match. Try again or create a new password."))
    return render(request, "public/signin.html", _page(request, form), status=422 if form.errors else 200)


def once_more(request: HttpRequest) -> HttpResponse:
    """Show the gate again to whose page was too old to be taken: the e-mail is kept, the password never is."""
    form = SignInForm(initial={"email": request.POST.get("email", "")[:254]})
    context = {"form": form, "next": safe_next(request, ""), "failed": False, "is_stale": True}
    return render(request, "public/signin.html", context, status=403)


@require_POST
def signout(request: Request) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGIN_URL)


def come_in(request: Request, user: User, *, to: str = "") -> HttpResponse:
    """Sign `user`, who has just proven an address, in: past the second step, if there is one."""
    return flows.perform_login(request, Login(user=user, redirect_url=to or None))  # type: ignore[no-any-return]


class SecondStep(AuthenticateView):  # type: ignore[misc]  # the library has no types
    """The second step of signing in: a code, a reserve code or a passkey."""

    template_name = "public/second_step.html"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if "remember" in self.request.POST and self.request.user.is_authenticated:
            remembered.remember(self.request, response)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["form"].fields["code"].widget.attrs.pop("placeholder", None)  # a label is enough
        context["form"].fields["code"].error_messages["required"] = _("Write the code")
        context["email"] = self.stage.login.user.email
        context["remembers"] = "remember" in self.request.POST
        context["failed"] = bool(context["form"].errors or context["webauthn_form"].errors)
        return context


class PasskeySignIn(LoginWebAuthnView):  # type: ignore[misc]  # the library has no types
    """A passkey instead of e-mail and password. The page asks for a challenge, then posts what the device signed."""

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, _("This passkey did not open the door. Use your e-mail and password."))
        return redirect(settings.LOGIN_URL)


def _with_password(request: Request, user: User, *, remember: bool) -> HttpResponse:
    # Kept by the session across its change of key: 14 days, or until the browser closes.
    request.session.set_expiry(None if remember else 0)
    login = Login(user=user, redirect_url=safe_next(request, "") or None)
    response: HttpResponse = flows.perform_password_login(request, {"email": user.email}, login)
    return response


def _paused(request: Request, pause: Paused) -> HttpResponse:
    response = render(request, "public/paused.html", {"until": pause.until}, status=429)
    response["Retry-After"] = "900"
    return response


def _page(request: Request, form: SignInForm) -> dict[str, Any]:
    return {"form": form, "next": safe_next(request, ""), "failed": bool(form.errors)}
