"""The content security policy: the same words for all that use no nonce, a fresh nonce for each page that does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from csp.decorators import csp_exempt, csp_update
from csp.exceptions import CSPNonceError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from chatsite.web.middleware import ContentSecurityPolicy
from tests.cast import Cast

HEADER = "Content-Security-Policy"


def answered(view: Any) -> HttpResponse:
    return ContentSecurityPolicy(view)(RequestFactory().get("/"))  # type: ignore[return-value]


def directives(response: Any) -> dict[str, set[str]]:
    named = (part.split() for part in response[HEADER].split("; "))
    return {name: set(sources) for name, *sources in named}


def test_an_answer_of_the_api_forbids_all_that_a_page_forbids(cast: Cast, client: Client) -> None:
    page, answer = directives(client.get("/accounts/login/")), directives(client.get("/api/v1/me/"))
    assert answer.keys() == page.keys()
    assert answer["default-src"] == answer["frame-ancestors"] == {"'none'"}
    assert answer["script-src"] == {"'self'"} < page["script-src"]


def test_no_two_pages_have_the_same_nonce(cast: Cast, client: Client) -> None:
    nonces = [re.search("'nonce-([^']+)'", client.get("/accounts/login/")[HEADER]) for _ in range(2)]
    first, second = (one and one[1] for one in nonces)
    assert first and second and first != second


def test_a_view_may_have_a_policy_of_its_own() -> None:
    answered(lambda _request: HttpResponse())  # the common one is worded now
    own = answered(csp_update({"img-src": "https://example.org"})(lambda _request: HttpResponse()))
    assert "https://example.org" in directives(own)["img-src"]
    assert HEADER not in answered(csp_exempt()(lambda _request: HttpResponse()))
    assert "https://example.org" not in directives(answered(lambda _request: HttpResponse()))["img-src"]


def test_a_policy_that_a_view_wrote_itself_stays() -> None:
    assert answered(lambda _request: HttpResponse(headers={HEADER: "sandbox"}))[HEADER] == "sandbox"


def test_a_nonce_that_the_policy_does_not_name_is_given_to_nobody() -> None:
    asked: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        asked.append(request)
        return HttpResponse()

    answered(view)
    with pytest.raises(CSPNonceError):
        str(asked[0].csp_nonce)  # type: ignore[attr-defined]


def test_while_developing_a_page_of_errors_has_no_policy(settings: Settings) -> None:
    settings.DEBUG = True
    assert HEADER not in answered(lambda _request: HttpResponse(status=500))
    assert HEADER in answered(lambda _request: HttpResponse())
