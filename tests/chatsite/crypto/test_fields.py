"""The fields by themselves: what they declare to the database and to migrations, and what they refuse."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Cast

from accounts.models import User
from chatsite.crypto.fields import SealedCharField, SealedTextField
from chatsite.crypto.rotation import sealed_columns


def test_a_short_text_gets_a_column_without_a_limit() -> None:
    assert SealedCharField(max_length=40).db_type(connection) == "text"


def test_the_address_keeps_the_column_of_the_plan() -> None:
    assert User._meta.get_field("email").db_type(connection) == "varchar(255)"


@pytest.mark.django_db
def test_a_cast_cuts_nothing() -> None:
    field = User._meta.get_field("email")
    address = f"{'x' * 150}@example.org"
    User.objects.create_user("ada", "ada@example.org")
    assert User.objects.values_list(Cast(Value(address, output_field=field), field), flat=True).get() == address


def test_to_migrations_a_borrowed_field_is_what_it_was() -> None:
    field = Session._meta.get_field("session_key")
    assert isinstance(field, SealedCharField) and Session._meta.pk is field
    for one in (field, field.clone()):
        _, path, _, options = one.deconstruct()
        assert (path, options["max_length"]) == ("django.db.models.CharField", 40)
    assert SealedTextField().deconstruct()[1] == "chatsite.crypto.fields.SealedTextField"


def test_every_sealed_column_is_found_by_its_field() -> None:
    assert {str(column) for column in sealed_columns()} >= {
        "users.email",
        "account_emailaddress.email",
        "django_session.session_key",
        "django_session.session_data",
        "mfa_authenticator.data",
        "usersessions_usersession.session_key",
        "usersessions_usersession.user_agent",
    }
