"""Sign-up, the first start, and what needs a mail server. All else about signing in is allauth's, with our forms."""

from __future__ import annotations

from allauth.account.views import EmailView, PasswordResetView, RequestLoginCodeView, SignupView
from django.conf import settings
from django.contrib.auth import login
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms.sign_in import SignUp as SignUpForm
from accounts.forms.sign_in import Welcome
from accounts.services import registration


class SignUp(SignupView):  # type: ignore[misc]
    """allauth's sign-up; who loses a race for a name or an address learns what everybody learns."""

    def form_valid(self, form: SignUpForm) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except IntegrityError:
            again = self.get_form_class()(**self.get_form_kwargs())  # get_form() would give the same one again
            if again.is_valid() and not again.account_already_exists:
                raise
            response = super().form_valid(again) if again.is_valid() else self.form_invalid(again)
        return response


class ResetPassword(PasswordResetView):  # type: ignore[misc]
    """A new password by a code that is mailed. Where no mail is sent, the page says who helps instead."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.CHAT_MAIL:
            return render(request, "account/password_reset_asked.html")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class ChangeAddress(EmailView):  # type: ignore[misc]
    """Another address, by a code that is mailed there. Where no mail is sent, the page says who helps instead."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.CHAT_MAIL and request.user.is_authenticated:
            return render(request, "account/email_asked.html", {"section": "security"})
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class RequestCode(RequestLoginCodeView):  # type: ignore[misc]
    """Log-in by a code that is mailed: the way in for the owner while others guess at the password."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.CHAT_MAIL:
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


@never_cache
@sensitive_post_parameters("password1")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The first start: whoever comes makes the administrator's account and is signed in. Afterwards: to the chat."""
    if registration.begun():
        return redirect("/")
    form = Welcome(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        user = registration.first_administrator(data["username"], data["email"], data["password1"])
        login(request, user)
        return redirect("/")
    return render(request, "accounts/welcome.html", {"form": form, "signup": settings.CHAT_SIGNUP})
