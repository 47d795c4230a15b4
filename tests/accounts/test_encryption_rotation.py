"""A new key in front, `manage.py reencrypt`, the old key away: at no moment is anybody kept out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import NotSupportedError, connection, connections, transaction
from django.test import Client

from accounts.models import User
from chatsite.crypto import columns, envelope, rotation
from chatsite.crypto.ring import ring
from chatsite.management.commands import reencrypt
from tests.cast import PASSWORD, Cast, person
from tests.sealing import MIDDLE, NEW, OLD, ring_of, stored

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def reencrypted(*options: str) -> str:
    said = StringIO()
    call_command("reencrypt", *options, stdout=said, stderr=said)
    return said.getvalue()


def keys_in_use() -> set[str | None]:
    return {key for column in rotation.sealed_columns() for key in columns.counts(column)}


def sign_in(name: str, password_hash: str) -> Client:
    """Somebody with everything that is sealed: address, session, second factor, passkey."""
    user = person(name, password_hash)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = Client(headers={"user-agent": f"Browser of {name}"})
    assert client.post("/accounts/login/", {"login": user.email, "password": PASSWORD}).status_code == 302
    TOTP.activate(user, SECRET)
    passkey = {"name": f"Telephone of {name}", "credential": {"id": name}}
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=passkey)
    return client


def everything_works(names: list[str], clients: list[Client]) -> None:
    for name, client in zip(names, clients, strict=True):
        user = authenticate(None, username=f"{name.upper()}@example.org", password=PASSWORD)
        assert user == User.objects.get(email=f"{name}@example.org")
        assert EmailAddress.objects.get(email=user.email, user=user).verified
        assert client.get("/settings/").status_code == 200
        assert UserSession.objects.get(session_key=client.cookies["session"].value).user == user
        totp, passkey = Authenticator.objects.filter(user=user).order_by("type")
        assert rotation_secret(totp) == SECRET
        assert passkey.data == {"name": f"Telephone of {name}", "credential": {"id": name}}


def rotation_secret(totp: Authenticator) -> str:
    return envelope.unseal(totp.data["secret"], "mfa_authenticator.data")


@pytest.mark.django_db
def test_three_keys_one_after_the_other(password_hash: str) -> None:
    with ring_of(OLD):
        clients = [sign_in("ada", password_hash)]
        assert "newest" in reencrypted("--check")
    with ring_of(MIDDLE, OLD):
        everything_works(["ada"], clients)
        clients.append(sign_in("ben", password_hash))
        everything_works(["ada", "ben"], clients)
        reencrypted()
        everything_works(["ada", "ben"], clients)
    with ring_of(NEW, MIDDLE, OLD):
        clients.append(sign_in("cleo", password_hash))
        everything_works(["ada", "ben", "cleo"], clients)
        reencrypted()
        assert keys_in_use() == {ring().newest.id}
    with ring_of(NEW):
        everything_works(["ada", "ben", "cleo"], clients)
        assert "users.email: 0 sealed anew" in reencrypted(), "a second time there is nothing to do"


@pytest.mark.django_db
def test_check_reports_and_changes_nothing(password_hash: str) -> None:
    with ring_of(OLD):
        sign_in("ada", password_hash)
    before = stored("users.email")
    with ring_of(NEW, OLD):
        with pytest.raises(CommandError, match="not under the newest key"):
            reencrypted("--check")
        assert stored("users.email") == before
        person("ben", password_hash)
        counts = columns.counts(next(one for one in rotation.sealed_columns() if str(one) == "users.email"))
        old, new = (envelope.key_id(value) for value in (before[0], *set(stored("users.email")) - set(before)))
        assert counts == {old: 1, new: 1}


@pytest.mark.django_db
def test_what_is_in_the_clear_is_sealed_as_well(password_hash: str) -> None:
    person("ada", password_hash)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE users SET email = 'ada@example.org'")
    with pytest.raises(CommandError, match="1 values"):
        reencrypted("--check")
    reencrypted()
    assert User.objects.get(email="ada@example.org").username == "ada"


@pytest.mark.django_db
def test_secrets_deep_in_an_object_are_rotated_and_the_rest_of_it_stays(password_hash: str) -> None:
    with ring_of(OLD):
        user = person("ada", password_hash)
        codes = [get_adapter().encrypt(code) for code in ("one", "two")]
        data = {"migrated_codes": codes, "used_mask": 5}
        Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data=data)
    with ring_of(NEW, OLD):
        reencrypted()
    with ring_of(NEW):
        kept = Authenticator.objects.get()
        assert kept.wrap().generate_codes() == ["one", "two"]
        assert kept.data["used_mask"] == 5


@pytest.mark.django_db
def test_a_lost_key_stops_it_and_the_start(password_hash: str) -> None:
    with ring_of(OLD):
        person("ada", password_hash)
    before = stored("users.email")
    assert "chat.E006" not in {one.id for one in run_checks()}, "only where databases are asked for"
    with ring_of(NEW):
        with pytest.raises(CommandError, match="put it back"):
            reencrypted()
        (found,) = [one for one in run_checks(databases=["default"]) if one.id == "chat.E006"]
        assert "users.email" in found.msg and found.hint
        with pytest.raises(CommandError, match="Nothing was changed.*field.keys"):
            call_command("prepare")
    with ring_of():
        assert "chat.E006" not in {one.id for one in run_checks(databases=["default"])}
    with ring_of(NEW, OLD):
        assert "chat.E006" not in {one.id for one in run_checks(databases=["default"])}
    assert stored("users.email") == before


@pytest.mark.django_db
def test_a_table_that_is_not_there_yet_is_no_lost_key() -> None:
    assert columns.samples(columns.Column("not_there", "email", "id")) == {}
    assert columns.samples(columns.Column("users", "not_there", "id")) == {}


@pytest.mark.django_db
def test_values_of_a_column_that_the_key_of_that_name_does_not_open_stop_the_start_too(password_hash: str) -> None:
    with ring_of(OLD):
        sign_in("ada", password_hash)
        assert not [one for one in rotation.sealed_columns() if rotation.unreadable(one)]
        with connection.cursor() as cursor:
            cursor.execute("UPDATE users SET email = overlay(email placing 'AAAA' from length(email) - 8)")
        strange = {str(one): ids for one in rotation.sealed_columns() if (ids := rotation.unreadable(one))}
        assert strange == {"users.email": [ring().newest.id]}


@pytest.mark.django_db
def test_each_key_that_is_in_use_is_tried_in_every_column(password_hash: str) -> None:
    with ring_of(OLD):
        sign_in("ada", password_hash)
        old = ring().newest.id
    with ring_of(MIDDLE):
        sign_in("ben", password_hash)
    with ring_of(MIDDLE):
        strange = {str(one): ids for one in rotation.sealed_columns() if (ids := rotation.unreadable(one))}
    assert strange.keys() >= {"users.email", "mfa_authenticator.data", "usersessions_usersession.user_agent"}
    assert set(map(tuple, strange.values())) == {(old,)}


@pytest.mark.django_db
def test_one_value_in_two_rows_is_named_and_nothing_is_lost(password_hash: str) -> None:
    """It can come about only where two processes sealed under different newest keys at the same moment."""
    with ring_of(OLD):
        ada = person("ada", password_hash)
        ben = person("ben", password_hash)
    with ring_of(NEW, OLD):
        double = envelope.seal_deterministically("ada@example.org", "users.email")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE users SET email = %s WHERE id = %s", [double, ben.pk])
        said = StringIO()
        with pytest.raises(CommandError, match="1 values"):
            call_command("reencrypt", stdout=said, stderr=said)
        assert f"row {ada.pk} stands in another row too" in said.getvalue()
        assert {user.email for user in User.objects.all()} == {"ada@example.org"}


@contextmanager
def locked(user: User) -> Iterator[threading.Event]:
    """Somebody else works on this person's row until the event is set."""
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                User.objects.select_for_update().get(pk=user.pk)
                held.set()
                release.wait(20)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert held.wait(20)
        yield release
        release.set()
        holding.result()


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_works_on_is_left_out_and_comes_next(
    password_hash: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ring_of(OLD):
        ada = person("ada", password_hash)
        person("ben", password_hash)
    with ring_of(NEW, OLD), locked(ada) as release:
        monkeypatch.setattr(reencrypt, "PATIENCE", 0.1)
        with pytest.raises(CommandError, match="1 values"):
            reencrypted()
        release.set()
        monkeypatch.setattr(reencrypt, "PATIENCE", 20)
        assert "users.email: 1 sealed anew" in reencrypted()


def test_a_unique_value_is_not_written_where_nobody_looks_for_a_double(cast: Cast) -> None:
    cast.ben.email = "ben@example.net"
    with ring_of(NEW, *settings.FIELD_KEYS):
        for write in (
            lambda: User.objects.filter(pk=cast.ben.pk).update(email=cast.ada.email),
            lambda: User.objects.bulk_update([cast.ben], ["email"]),
        ):
            with pytest.raises(NotSupportedError, match="several keys"), transaction.atomic():
                write()
        cast.ben.save()
        assert User.objects.get(email="ben@example.net") == cast.ben
        assert User.objects.filter(pk=cast.ben.pk).update(is_verified=True) == 1


@pytest.mark.django_db(transaction=True)
def test_under_load_everybody_is_found_at_every_moment(password_hash: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "BATCH", 7)
    names = [f"m{number}" for number in range(150)]
    over = threading.Event()

    def look() -> int:
        """Finds everybody and writes their row, over and over; how often."""
        rounds = 0
        try:
            while not over.is_set() or not rounds:
                for name in names:
                    user = User.objects.get(email=f"{name}@example.org")
                    user.is_verified = not user.is_verified
                    user.save()
                rounds += 1
        finally:
            connections.close_all()
        return rounds

    with ring_of(OLD):
        User.objects.bulk_create(User(username=name, email=f"{name}@example.org") for name in names)
    with ring_of(NEW, OLD), ThreadPoolExecutor(3) as pool:
        looking = [pool.submit(look) for _ in range(3)]
        try:
            reencrypted()
        finally:
            over.set()
        assert all(one.result() for one in looking)
        reencrypted()  # a row that was read before and written after has its old place again, under the newest key
    with ring_of(NEW):
        assert {user.email for user in User.objects.all()} == {f"{name}@example.org" for name in names}
