"""Sign-up and the first start. Everything else about signing in is allauth's own views with our forms."""

from __future__ import annotations

from allauth.account.views import SignupView
from django.contrib.auth import login
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms.sign_in import SignUp as SignUpForm
from accounts.forms.sign_in import Welcome
from accounts.services import registration


class SignUp(SignupView):  # type: ignore[misc]
    """allauth's sign-up; who loses a race for a name or an address learns it at the field, like everybody else."""

    def form_valid(self, form: SignUpForm) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except IntegrityError:
            again = self.get_form_class()(**self.get_form_kwargs())  # get_form() would give the same one again
            if again.is_valid():
                raise
            response = self.form_invalid(again)
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
    return render(request, "accounts/welcome.html", {"form": form})
