"""E-mail addresses and sessions: sealed in the database, the same as ever to everybody who works with them."""

from __future__ import annotations

from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import caches
from django.core.exceptions import FieldError, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, NotSupportedError, connection, transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Concat, Lower
from django.test import Client

from accounts.models import User
from accounts.models.fields import ADDRESS_MAX, network
from chatsite.crypto import envelope
from chatsite.crypto.errors import Forged, NotSealed, UnknownKey
from tests.accounts.conftest import last_code
from tests.cast import PASSWORD, Cast
from tests.sealing import NEW, OLD, ring_of, stored

pytestmark = pytest.mark.django_db
FAY = {"username": "fay", "email": "Fay@Example.org", "password1": "seven small purple boats"}
LONGEST = f"{'x' * 60}@{'y' * 60}.{'z' * 34}.org"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def fay(client: Client, mail_server: None, anyone: None) -> User:
    """Somebody who signed up, with an address in allauth's table as well."""
    here = {"HTTP_USER_AGENT": AGENT, "REMOTE_ADDR": "203.0.113.77"}
    client.post("/accounts/signup/", FAY, **here)
    client.post("/accounts/confirm-email/", {"code": last_code()}, **here)
    mail.outbox.clear()
    return User.objects.get(username="fay")


def test_both_tables_hold_sealed_addresses_only(fay: User) -> None:
    for column in ("users.email", "account_emailaddress.email"):
        (value,) = stored(column)
        assert value.startswith("s1.") and envelope.unseal(value, column) == "fay@example.org"
    assert fay.email == EmailAddress.objects.get(user=fay).email == "fay@example.org"


def test_the_same_address_looks_different_in_the_two_tables(fay: User) -> None:
    assert stored("users.email") != stored("account_emailaddress.email")


@pytest.mark.parametrize("address", ["ada@example.org", "ADA@Example.ORG"])
@pytest.mark.parametrize("lookup", ["email", "email__exact", "email__iexact"])
def test_an_address_is_found_in_any_letter_case(cast: Cast, lookup: str, address: str) -> None:
    assert User.objects.get(**{lookup: address}) == cast.ada
    assert not User.objects.filter(**{lookup: address.replace("a", "e", 1).replace("A", "E", 1)}).exists()


def test_addresses_are_found_by_list_and_by_exclusion(cast: Cast) -> None:
    some = User.objects.filter(email__in=["ADA@example.org", "ben@example.org", "nobody@example.org"])
    assert set(some) == {cast.ada, cast.ben}
    assert cast.ada not in User.objects.exclude(email="ada@example.org")
    assert not User.objects.filter(email__in=[]).exists()
    assert not User.objects.filter(email__isnull=True).exists() and not User.objects.filter(email=None).exists()


@pytest.mark.parametrize("lookup", ["contains", "icontains", "startswith", "endswith", "regex", "gt", "lower"])
def test_what_ciphertext_cannot_answer_is_refused_and_not_answered_with_nobody(cast: Cast, lookup: str) -> None:
    with pytest.raises(FieldError):
        User.objects.filter(**{f"email__{lookup}": "ada"})


def test_addresses_are_compared_with_values_only(cast: Cast) -> None:
    with pytest.raises(NotSupportedError):
        User.objects.filter(email=F("username"))
    with pytest.raises(NotSupportedError):
        User.objects.filter(email__in=EmailAddress.objects.values("email"))


def test_an_address_is_unique_in_any_letter_case(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("fay", "ADA@example.org")
    with pytest.raises(ValidationError, match="already exists"):
        User(username="fay", email="ADA@example.org", password="x").full_clean()


def test_many_addresses_are_written_at_once(cast: Cast) -> None:
    people = [cast.ada, cast.ben]
    for person in people:
        person.email = f"{person.username}@{'long.' * 20}example.net"
    User.objects.bulk_update(people, ["email"])
    User.objects.filter(pk=cast.eve.pk).update(email="Eve@Example.net")
    assert [User.objects.get(pk=one.pk).email for one in people] == [one.email for one in people]
    assert User.objects.get(email="eve@example.net") == cast.eve


@pytest.mark.parametrize(
    "expression",
    [F("username"), Concat(F("username"), Value("@example.org")), Value("eve@example.net"), Lower("email")],
)
def test_nothing_that_the_database_makes_is_written_unsealed(cast: Cast, expression: object) -> None:
    with pytest.raises(NotSupportedError, match=r"users\.email is sealed"), transaction.atomic():
        User.objects.filter(pk=cast.eve.pk).update(email=expression)
    with pytest.raises(NotSupportedError, match=r"users\.email is sealed"), transaction.atomic():
        User.objects.filter(pk=cast.eve.pk).update(email=Case(When(username="eve", then=expression), default=None))
    assert User.objects.get(pk=cast.eve.pk).email == cast.eve.email


@pytest.mark.usefixtures("mail_server", "anyone")
def test_the_longest_address_fits_into_both_columns(client: Client) -> None:
    assert len(LONGEST) == ADDRESS_MAX <= envelope.capacity(254)
    assert client.post("/accounts/signup/", FAY | {"email": LONGEST}).status_code == 302
    assert User.objects.get(email=LONGEST).email == EmailAddress.objects.get(email=LONGEST).email == LONGEST


@pytest.mark.usefixtures("mail_server", "anyone")
@pytest.mark.parametrize(
    "address", [LONGEST.replace("@", "x@"), f"{'x' * 64}@{('y' * 61 + '.') * 3}org", f"x@{'é' * 60}.{'é' * 20}.org"]
)
def test_a_longer_one_is_refused_in_clear_words(client: Client, address: str) -> None:
    response = client.post("/accounts/signup/", FAY | {"email": address})
    assert "at most 160 characters" in str(response.context["form"].errors["email"])
    with pytest.raises(ValidationError, match="at most 160 characters"):
        User(username="fay", email=address, password="x").full_clean()
    assert not User.objects.exists()


def test_one_that_gets_past_the_forms_is_refused_by_the_database_and_never_cut(cast: Cast) -> None:
    with pytest.raises(Exception, match="too long"), transaction.atomic():
        User.objects.filter(pk=cast.ada.pk).update(email=f"{'x' * 170}@example.org")


def test_one_logs_in_by_address_and_asks_for_a_new_password_by_it(client: Client, fay: User, mailoutbox: list) -> None:
    client.logout()
    client.post("/accounts/login/", {"login": "FAY@example.ORG", "password": FAY["password1"]})
    assert get_user(client) == fay
    client.logout()
    client.post("/accounts/password/reset/", {"email": "FAY@example.ORG"})
    assert [mail.to for mail in mailoutbox] == [["fay@example.org"]]


def test_the_staff_find_by_the_whole_address_and_are_told_so(admin: Client, cast: Cast, fay: User) -> None:
    for address, one in (
        ("/admin/accounts/user/", "ada"),
        ("/admin/accounts/profile/", "ada"),
        ("/admin/account/emailaddress/", "fay"),
    ):
        found = [admin.get(address, {"q": text}) for text in (f"{one.upper()}@example.org", "ample.or")]
        assert [page.context["cl"].result_count for page in found] == [1, 0], address
        assert "hole e-mail address" in found[0].content.decode()


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    cast.dora.is_superuser = True
    cast.dora.save()
    staff = Client()
    staff.force_login(cast.dora)
    return staff


def test_the_admins_log_keeps_no_address(admin: Client, fay: User) -> None:
    row = EmailAddress.objects.get(user=fay)
    sent = {"user": str(fay.pk), "email": "fay@example.org", "verified": "on", "primary": "on"}
    assert admin.post(f"/admin/account/emailaddress/{row.pk}/change/", sent).status_code == 302
    assert LogEntry.objects.get().object_repr == f"email address {row.pk}"


def test_a_missing_key_is_an_error_wherever_the_row_is_read(cast: Cast) -> None:
    with ring_of(NEW), pytest.raises(UnknownKey, match="put it back"):
        list(User.objects.all())
    assert User.objects.get(pk=cast.ada.pk).email == "ada@example.org"


def test_what_stands_in_the_clear_or_was_moved_here_is_an_error(fay: User) -> None:
    (elsewhere,) = stored("account_emailaddress.email")
    for value, error in (("fay@example.org", NotSealed), ("", NotSealed), (elsewhere, Forged)):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE users SET email = %s", [value])
        with pytest.raises(error):
            User.objects.get(pk=fay.pk)


def test_the_key_of_a_session_is_nowhere_to_be_read(client: Client, fay: User) -> None:
    key = client.cookies["session"].value
    assert Session.objects.get(pk=key).session_key == UserSession.objects.get(session_key=key).session_key == key
    for column in ("django_session.session_key", "usersessions_usersession.session_key"):
        assert [envelope.unseal(value, column) for value in stored(column)] == [key]


def test_a_session_comes_back_from_the_database(client: Client, fay: User) -> None:
    assert all(value.startswith("v1.") for value in stored("django_session.session_data"))
    caches["sessions"].clear()
    assert get_user(client) == fay
    client.logout()
    assert stored("django_session.session_key") == []


def test_of_where_somebody_came_from_only_the_network_is_kept(client: Client, fay: User) -> None:
    (kept,) = UserSession.objects.all()
    assert (kept.ip, kept.user_agent) == ("203.0.113.0", AGENT)
    kept.ip = "203.0.113.99"
    assert kept.ip == "203.0.113.0", "no change of network, so no alarm"
    assert stored("usersessions_usersession.ip") == ["203.0.113.0/32"]
    assert (
        envelope.unseal(stored("usersessions_usersession.user_agent")[0], "usersessions_usersession.user_agent")
        == AGENT
    )


def test_the_longest_agent_is_kept(client: Client, fay: User) -> None:
    login = {"login": "fay", "password": FAY["password1"]}
    Client().post("/accounts/login/", login, HTTP_USER_AGENT="é" * 300)
    assert "é" * 200 in {one.user_agent for one in UserSession.objects.all()}


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("198.51.100.23", "198.51.100.0"),
        ("::ffff:198.51.100.23", "198.51.100.0"),
        ("2001:db8:aaaa:bbbb:cccc::1", "2001:db8:aaaa::"),
        ("not an address", "not an address"),
        (None, None),
    ],
)
def test_networks(address: str | None, kept: str | None) -> None:
    assert network(address) == kept


def test_migrations_see_no_change(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run")


def test_the_migration_seals_what_is_there_and_puts_it_back(client: Client, fay: User) -> None:
    migration = import_module("accounts.migrations.0005_sealed_columns")
    before = {str(column): sorted(stored(str(column))) for column in migration.COLUMNS}
    migration.decrypt(None, None)
    assert stored("users.email") == stored("account_emailaddress.email") == ["fay@example.org"]
    assert client.cookies["session"].value in stored("django_session.session_key")
    migration.decrypt(None, None)
    migration.encrypt(None, None)
    for column in migration.COLUMNS:
        sealed = sorted(stored(str(column)))
        assert len(sealed) == len(before[str(column)])
        assert all(envelope.key_id(value) for value in sealed)
        if column.form == envelope.DETERMINISTIC:
            assert sealed == before[str(column)]
    assert User.objects.get(email="fay@example.org") == fay
    assert client.get("/settings/").status_code == 200


def test_what_one_key_sealed_is_unique_against_what_the_next_one_seals() -> None:
    with ring_of(OLD):
        ada = User.objects.create_user("ada", "ada@example.org")
        EmailAddress.objects.create(user=ada, email="ada@example.org", verified=True)
    with ring_of(NEW, OLD):
        ben = User.objects.create_user("ben", "ben@example.org")
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create_user("fay", "ADA@example.org")
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.bulk_create([User(username="fay", email="ada@example.org")])
        ben.email = "ada@example.org"
        with pytest.raises(IntegrityError), transaction.atomic():
            ben.save()
        assert not EmailAddress(user=ben, email="ada@example.org").can_set_verified()
        ada.save()  # her own address is no double
        assert User.objects.get(email="ada@example.org") == ada


def test_nobody_logs_in_with_a_session_that_another_key_sealed(client: Client, cast: Cast) -> None:
    client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    with ring_of(NEW):
        assert not Session.objects.filter(pk=client.cookies["session"].value).exists()
