"""Sign-up, log-in, log-out, passwords: what people meet before they are anybody."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import authenticate, get_user
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts.hashers import Argon2
from accounts.models import User
from accounts.services import tokens
from chatsite.errors import Unauthorized
from chatsite.postgres.scope import as_nobody
from tests.cast import PASSWORD, Cast

NEW = {"username": "Fay.Wray", "email": "Fay@Example.ORG", "password1": "seven small purple boats"}


def errors(response: object, field: str) -> list[str]:
    return list(response.context["form"].errors.get(field, []))  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.usefixtures("anyone")
def test_signing_up_makes_account_and_profile_and_signs_in(client: Client) -> None:
    response = client.post("/accounts/signup/", NEW)
    assert (response.status_code, response["Location"]) == (302, "/")
    fay = User.objects.get()
    assert (fay.username, fay.address, fay.profile.display_name) == ("Fay.Wray", "", None)
    assert fay.password.startswith("argon2$argon2id$")
    assert get_user(client) == fay


@pytest.mark.django_db
@pytest.mark.usefixtures("anyone", "mail_server")
def test_signing_up_where_there_is_mail_takes_an_address(client: Client) -> None:
    assert client.post("/accounts/signup/", NEW)["Location"] == "/accounts/confirm-email/"
    fay = User.objects.get()
    assert (fay.email, fay.address, fay.is_verified) == ("fay@example.org", "fay@example.org", False)


@pytest.mark.usefixtures("anyone", "mail_server")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "ADA"),
        ("username", "Admin"),
        ("username", "everyone"),
        ("username", "a b"),
        ("username", "-fay"),
        ("username", "f"),
        ("username", "x" * 51),
        ("username", "fay\0"),
        ("username", "\u202efay"),
        ("username", "a45ec9a0-0b34-4d1a-8f5c-0d6c8d5f5a11"),
        ("email", ""),
        ("email", "fay"),
        ("email", f"{'x' * 250}@example.org"),
        ("password1", "elevenchars"),
        ("password1", "password1234"),
        ("password1", "fay@example.org1"),
        ("password1", ""),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client: Client, cast: Cast, field: str, value: str) -> None:
    before = User.objects.count()
    response = client.post("/accounts/signup/", NEW | {field: value})
    assert response.status_code == 200
    assert errors(response, field), response.context["form"].errors
    assert User.objects.count() == before


@pytest.mark.usefixtures("anyone")
@pytest.mark.parametrize("name", ["Zoë", "王小明", "a.b-c_d", "x" * 50])
def test_names_of_all_scripts_are_names(client: Client, db: None, name: str) -> None:
    assert client.post("/accounts/signup/", NEW | {"username": name}).status_code == 302
    assert User.objects.named(name.upper()).get().username == name


@pytest.mark.usefixtures("anyone")
@pytest.mark.django_db(transaction=True)
def test_a_lost_race_for_a_name_is_said_at_the_field(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_late(monkeypatch, username="FAY.wray", email="other@example.org")
    response = client.post("/accounts/signup/", NEW)
    assert response.status_code == 200
    assert errors(response, "username")
    assert User.objects.filter(username__iexact="fay.wray").count() == 1


@pytest.mark.usefixtures("anyone", "mail_server")
@pytest.mark.django_db(transaction=True)
def test_a_lost_race_for_an_address_looks_like_any_sign_up(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_late(monkeypatch, username="other", email="fay@example.org")
    assert client.post("/accounts/signup/", NEW)["Location"] == "/accounts/confirm-email/"
    assert User.objects.get(email="fay@example.org").username == "other"
    assert not User.objects.named("fay.wray").exists()


def be_late(monkeypatch: pytest.MonkeyPatch, **other: str) -> None:
    """Another one takes a name and an address between our check and our insert."""
    save = User.save

    def save_after_the_other(self: User, *args: object, **kwargs: object) -> None:
        monkeypatch.setattr(User, "save", save)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(lambda: (User.objects.create_user(**other), connection.close())).result()
        save(self, *args, **kwargs)

    monkeypatch.setattr(User, "save", save_after_the_other)


def test_sign_up_is_closed_unless_it_is_opened(client: Client, cast: Cast, settings: Settings) -> None:
    assert settings.CHAT_SIGNUP == "closed"
    before = User.objects.count()
    for response in (client.get("/accounts/signup/"), client.post("/accounts/signup/", NEW)):
        assert b"Sign-up is closed" in response.content
    assert User.objects.count() == before


@pytest.mark.parametrize("login", ["ada", "ADA", "ada@example.org", "Ada@Example.org", " ada "])
def test_one_logs_in_by_name_or_address(client: Client, cast: Cast, login: str) -> None:
    assert client.post("/accounts/login/", {"login": login, "password": PASSWORD}).status_code == 302
    assert get_user(client) == cast.ada


@pytest.mark.parametrize(
    "login", ["ada", "ada@example.org", "nobody", "nobody@example.org", "a\0b", "a\0b@example.org"]
)
def test_a_wrong_password_and_an_unknown_person_read_the_same(client: Client, cast: Cast, login: str) -> None:
    response = client.post("/accounts/login/", {"login": login, "password": "wrong wrong wrong"})
    assert response.status_code == 200
    if "\0" not in login:
        assert errors(response, "__all__") == ["This name and this password do not belong together."]


@pytest.mark.parametrize("login", ["ada", "nobody", "ada@example.org", "nobody@example.org"])
def test_a_known_and_an_unknown_person_cost_the_same(cast: Cast, monkeypatch: pytest.MonkeyPatch, login: str) -> None:
    """One Argon2 run each, which is nearly all of the time: making a hash and checking one cost the same."""
    runs: list[str] = []
    for name in ("encode", "verify"):
        real = getattr(Argon2, name)

        def counted(self: Argon2, *args: object, name: str = name, real: Callable[..., object] = real) -> object:
            runs.append(name)
            return real(self, *args)

        monkeypatch.setattr(Argon2, name, counted)
    assert authenticate(None, username=login, password="wrong wrong wrong") is None
    assert runs == ["verify" if login.startswith("ada") else "encode"]


def test_a_closed_account_does_not_get_in(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.ada.pk).update(is_active=False)
    response = client.post("/accounts/login/", {"login": "ada", "password": PASSWORD}, follow=True)
    assert b"This account is closed" in response.content
    assert not get_user(client).is_authenticated


def test_logging_out_takes_a_post(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    client.get("/accounts/logout/")
    assert get_user(client) == cast.ada
    client.post("/accounts/logout/")
    assert not get_user(client).is_authenticated


def test_the_sixth_wrong_password_has_to_wait(client: Client, cast: Cast) -> None:
    wrong = {"login": "ada", "password": "wrong wrong wrong"}
    answers = [errors(client.post("/accounts/login/", wrong), "__all__")[0] for _ in range(7)]
    assert answers[0] == "This name and this password do not belong together."
    assert answers[-1] == "Too many wrong tries. Please wait some minutes."


def test_who_forgot_the_password_is_told_whom_to_ask_where_no_mail_is_sent(client: Client, cast: Cast) -> None:
    address = "/accounts/password/reset/"
    for page in (client.get(address), client.post(address, {"email": "ada@example.org"})):
        assert b"Ask an administrator" in page.content
    assert not mail.outbox
    assert client.get("/accounts/login/code/").status_code == 404


def test_an_administrator_hands_out_a_link(client: Client, cast: Cast, capsys: pytest.CaptureFixture) -> None:
    call_command("passwordlink", "ADA")
    link = capsys.readouterr().out.strip()
    page = client.get(link.replace("http://127.0.0.1:8000", ""), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "another long pass phrase"})
    assert get_user(client) == cast.ada
    again = Client().get(link.replace("http://127.0.0.1:8000", ""), follow=True)
    assert b"This link no longer works" in again.content
    with pytest.raises(CommandError):
        call_command("passwordlink", "nobody")


def test_a_new_password_by_the_command_signs_out_everywhere(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(cast.ada)
    secret = tokens.issue(cast.ada).refresh
    monkeypatch.setattr("getpass.getpass", lambda prompt: "another long pass phrase")
    with as_nobody():  # as a command begins: nobody has said on whose behalf
        call_command("changepassword", "ADA")
    assert authenticate(None, username="ada", password="another long pass phrase") == cast.ada
    assert not get_user(client).is_authenticated
    with pytest.raises(Unauthorized):
        tokens.refresh(secret)
    with as_nobody(), pytest.raises(CommandError, match="nobody called nemo"):
        call_command("changepassword", "nemo")


@pytest.mark.parametrize(
    "page", ["login", "signup", "password/reset", "password/set/done", "inactive", "password/reset/key/a-b"]
)
def test_the_pages_before_signing_in_are_ours(client: Client, cast: Cast, page: str) -> None:
    response = client.get(f"/accounts/{page}/")
    assert response.status_code == 200
    assert b'class="centered' in response.content
    assert b"style=" not in response.content
