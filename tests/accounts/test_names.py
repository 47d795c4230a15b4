"""What names and descriptions may hold: form, API and database refuse the same, in the same words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.utils import DataError
from django.test import Client

from accounts.forms.profile import ProfileForm
from accounts.models import Profile, User
from accounts.models.lookalikes import ONE_ALPHABET, TAKEN, one_script, skeleton
from accounts.models.texts import ONE_LINE, PARAGRAPHS, TIDY, line, paragraphs
from accounts.models.usernames import KEPT_BACK, LETTERS, VALIDATORS, WORDS
from accounts.services import authors, importing, tokens
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def anyone_may_sign_up(settings: Any) -> None:
    settings.CHAT_SIGNUP = "open"


VISIBLE = str(ONE_LINE.words)
# (column, value, words, constraint); where the constraint is None, the column's own type refuses
BAD = [
    ("display_name", "a\u202egpj.exe", VISIBLE, "profiles_display_name_visible_check"),
    ("display_name", "a\u2066b\u2069", VISIBLE, "profiles_display_name_visible_check"),
    ("display_name", "a\u200bda", VISIBLE, "profiles_display_name_visible_check"),
    ("display_name", "a\u200dda", VISIBLE, "profiles_display_name_visible_check"),
    ("display_name", "\ufeffada", VISIBLE, "profiles_display_name_visible_check"),
    ("display_name", "ada\u3164", VISIBLE, "profiles_display_name_visible_check"),
    ("display_name", "a\x07da", VISIBLE, "profiles_display_name_visible_check"),
    ("display_name", "a\nda", VISIBLE, "profiles_display_name_visible_check"),
    ("display_name", "a\x85da", VISIBLE, "profiles_display_name_visible_check"),
    ("display_name", "a\U000e0061da", VISIBLE, "profiles_display_name_visible_check"),
    ("display_name", "x" * 101, "At most 100 characters.", None),
    ("display_name", "x" * 10_000, "At most 100 characters.", None),
    ("bio", "y" * 501, "At most 500 characters.", "profiles_bio_length_check"),
    ("bio", "a\u202eb", VISIBLE, "profiles_bio_visible_check"),
    ("bio", "a\x00b".replace("\x00", "\x1b"), VISIBLE, "profiles_bio_visible_check"),
]
GOOD = ["Ada", "José", "山田 太郎", "محمد علي", "👩‍👩‍👧‍👦", "❤️‍🔥", "O'Brien-Łuczak, PhD", "x" * 100, "नमस्ते"]


def form_says(column: str, value: str) -> list[str]:
    return [str(words) for words in ProfileForm({column: value}).errors.get(column, [])]


def api_says(me: User, column: str, value: object) -> Any:
    headers = {"Authorization": f"Bearer {tokens.issue(me).access}"}
    answer = Client().patch("/api/v1/me/", {column: value}, "application/json", headers=headers)
    return answer.json()["fields"][column] if answer.status_code == 400 else []


def database_says(table: str, key: str, row: object, column: str, value: str) -> str | None:
    """The name of the constraint that refuses the value; "" where the column's type does."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [value, row])
    except IntegrityError as error:
        return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]
    except DataError:
        return ""
    return None


@pytest.mark.parametrize(("column", "value", "words", "constraint"), BAD)
def test_form_api_and_database_refuse_the_same(
    cast: Cast, column: str, value: str, words: str, constraint: str | None
) -> None:
    assert form_says(column, value) == [words]
    assert api_says(cast.ada, column, value) == [words]
    assert database_says("profiles", "user_id", cast.ada.pk, column, value) == (constraint or "")
    with pytest.raises(ValidationError) as refused:
        Profile(user=cast.ada, **{column: value}).clean_fields({"user"})
    assert words in refused.value.messages


@pytest.mark.parametrize("value", GOOD)
def test_names_of_all_the_world_are_taken_as_they_are(cast: Cast, value: str) -> None:
    assert form_says("display_name", value) == api_says(cast.ada, "display_name", value) == []
    assert Profile.objects.get(user=cast.ada).display_name == line(value)


@pytest.mark.parametrize("value", ["\0", "a\0b", "\ud800", 7, ["x"], {"$ne": None}])
def test_what_is_no_text_at_all_is_refused_at_the_field(cast: Cast, value: object) -> None:
    if value != "\ud800":  # which no JSON can carry
        assert len(api_says(cast.ada, "display_name", value)) == 1
    if isinstance(value, str):
        assert form_says("display_name", value) == [VISIBLE]


def test_names_are_composed_and_bios_keep_their_breaks(cast: Cast) -> None:
    assert line("  Jose\u0301\u00a0\u3000 Ruiz ") == "José Ruiz"
    assert paragraphs(" a\r\nb\rc\n") == "a\nb\nc"
    assert form_says("bio", "one\r\n\r\ntwo") == []
    assert api_says(cast.ada, "display_name", "e\u0301" * 100) == []  # 100 characters once composed


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("display_name", "", "profiles_display_name_least_check"),
        ("display_name", " a", f"profiles_display_name_{TIDY.name}_check"),
        ("display_name", "e\u0301", "profiles_display_name_composed_check"),
        ("bio", "", "profiles_bio_least_check"),
        ("bio", "e\u0301", "profiles_bio_composed_check"),
        ("avatar_url", "javascript:alert(1)", "profiles_avatar_url_prefix_check"),
        ("avatar_url", "//evil.example/a.png", "profiles_avatar_url_prefix_check"),
    ],
)
def test_the_database_takes_only_what_the_forms_make_of_it(
    cast: Cast, column: str, value: str, constraint: str
) -> None:
    assert database_says("profiles", "user_id", cast.ada.pk, column, value) == constraint
    assert PARAGRAPHS.words == ONE_LINE.words


BAD_USERNAMES = [
    ("a b", WORDS, "users_username_form_check"),
    ("ada\u202e", WORDS, "users_username_form_check"),
    ("ada\u200bx", WORDS, "users_username_form_check"),
    ("-ada", WORDS, "users_username_form_check"),
    ("ada.", WORDS, "users_username_form_check"),
    ("ada/../x", WORDS, "users_username_form_check"),
    ("ada\x00".replace("\x00", "\x01"), WORDS, "users_username_form_check"),
    ("👻👻", WORDS, "users_username_form_check"),
    ("x", "At least 2 characters.", "users_username_least_check"),
    ("x" * 51, "At most 50 characters.", ""),
    ("x" * 10_000, "At most 50 characters.", ""),
    ("admin", KEPT_BACK, "users_username_reserved_check"),
    ("Everyone", KEPT_BACK, "users_username_reserved_check"),
    ("0190A5F2-7C3B-7d1e-8f00-00000000000a", KEPT_BACK, "users_username_reserved_check"),
    ("0190a5f27c3b7d1e8f0000000000000a", KEPT_BACK, "users_username_reserved_check"),
    ("аda", ONE_ALPHABET, "users_username_alphabet_check"),
    ("zzβ", ONE_ALPHABET, "users_username_alphabet_check"),
    ("жβ", ONE_ALPHABET, "users_username_alphabet_check"),
    ("ada2", None, None),
    ("administrators", None, None),
    ("0190a5f27c3b7d1e8f0000000000000", None, None),
    ("ада", None, None),
    ("日本のada", None, None),
]


@pytest.mark.parametrize(("name", "words", "constraint"), BAD_USERNAMES)
def test_sign_up_model_and_database_refuse_the_same_user_names(
    client: Client, cast: Cast, name: str, words: str | None, constraint: str | None
) -> None:
    expected = [] if words is None else [str(words)]
    page = client.post("/accounts/signup/", {"username": name, "email": "n@example.org", "password1": "short"})
    assert [str(one) for one in page.context["form"].errors.get("username", [])] == expected
    assert model_says(name) == expected
    assert database_says("users", "id", cast.ben.pk, "username", name) == constraint


def model_says(name: str) -> list[str]:
    try:
        User(username=name, email="n@example.org").clean_fields({"password"})
    except ValidationError as error:
        return error.message_dict["username"]
    return []


@pytest.mark.parametrize("name", ["admin", "Admin", "аdmin", "adrnin", "RO0T", "suppоrt", "everyone"])
def test_reserved_names_and_what_looks_like_them_are_refused(client: Client, name: str) -> None:
    (said, *_mixed) = reversed(model_says(name))
    assert said == KEPT_BACK
    assert table_says(name) in ("users_username_reserved_check", "users_username_alphabet_check")


def table_says(name: str) -> str:
    """What refuses a row that the ORM writes without asking the model's rules."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        User.objects.bulk_create([User(username=name, email="n@example.org", password="")])
    return str(refused.value.__cause__.diag.constraint_name)  # type: ignore[union-attr]


@pytest.mark.parametrize("script", LETTERS)
def test_the_database_refuses_no_letters_that_the_forms_allow(script: str) -> None:
    letters = [chr(one) for one in range(0x3000) if re.match(f"[{LETTERS[script]}]", chr(one))]
    letters += [chr(one) for one in range(0xA000, 0xB000) if re.match(f"[{LETTERS[script]}]", chr(one))]
    known = [one for one in letters if unicodedata.category(one) != "Cn"]
    assert len(known) > 70 and all(unicodedata.name(one).startswith(script) for one in known)


@pytest.mark.parametrize("name", ["admin", "0190a5f27c3b7d1e8f0000000000000a", "zzβ"])
def test_who_had_such_a_name_before_is_called_otherwise(cast: Cast, name: str) -> None:
    migration = import_module("accounts.migrations.0010_reserved_names")
    with connection.cursor() as cursor:
        for constraint in ("reserved", "alphabet"):
            cursor.execute(f"ALTER TABLE users DROP CONSTRAINT users_username_{constraint}_check")
        cursor.execute("UPDATE users SET username = %s WHERE id = %s", [name, cast.ben.pk])
    migration.mend(apps, None)
    assert User.objects.get(pk=cast.ben.pk).username == f"person-{cast.ben.pk.hex[:12]}"
    assert User.objects.get(pk=cast.ada.pk).username == "ada"


@pytest.mark.parametrize("name", ["аda", "adа", "βen", "Αda"])  # Cyrillic а, Greek β and Α
def test_letters_of_several_alphabets_are_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="one alphabet"):
        one_script(name)


@pytest.mark.parametrize("name", ["ада", "Ωμέγα", "東京", "日本のada", "김-ada", "ada", "Zoë", "محمد"])
def test_letters_of_one_alphabet_are_not(name: str) -> None:
    for check in VALIDATORS:
        check(name)


@pytest.mark.parametrize(
    ("name", "like"), [("paul", "pauI"), ("bill", "bi1l"), ("zoo", "zo0"), ("oco", "осо"), ("modem", "modern")]
)
def test_nobody_gets_a_name_that_looks_like_anothers(client: Client, cast: Cast, name: str, like: str) -> None:
    User.objects.create_user(name, "first@example.org")
    assert skeleton(name) == skeleton(like)
    page = client.post("/accounts/signup/", {"username": like, "email": "n@example.org", "password1": "short"})
    assert [str(one) for one in page.context["form"].errors["username"]] == [str(TAKEN)]
    with pytest.raises(ValidationError, match="looks like"):
        User(username=like, email="n@example.org").full_clean(exclude={"password"})
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(username=like, email="n@example.org")])


def test_who_had_a_name_that_looks_like_anothers_before_keeps_it(cast: Cast) -> None:
    migration = import_module("accounts.migrations.0012_letters_side_by_side")
    User.objects.create_user("modem", "first@example.org")
    before = {cast.ben.pk: "modern", cast.eve.pk: "Arne", cast.dora.pk: "adrnin"}
    with connection.cursor() as cursor:
        for user, name in before.items():
            cursor.execute("UPDATE users SET username = %s, skeleton = lower(%s) WHERE id = %s", [name, name, user])
    migration.mend(apps, None)
    anew = f"person-{cast.dora.pk.hex[:12]}"  # the one that looks like a reserved name
    after = {"modern": f"modem {cast.ben.pk.hex}", "Arne": skeleton("Arne"), anew: skeleton(anew)}
    assert dict(User.objects.filter(pk__in=before).values_list("username", "skeleton")) == after


def test_tables_and_logs_of_people_get_no_lookalikes(cast: Cast) -> None:
    def columns(name: str) -> Mapping[str | None, str]:
        email = f"{skeleton(name)}{ord(name[-1])}@example.org"
        return {"username": name, "email": email, "display_name": "", "password": ""}

    found = importing.plan([(2, columns("paul")), (3, columns("pauI")), (4, columns("Ada1")), (5, columns("adal"))])
    assert [(one.line, one.column) for one in found.problems] == [(3, "username"), (5, "username")]
    ids = authors.authors(["paul", "pauI", "x"])
    names = set(User.objects.filter(pk__in=ids.values()).values_list("username", flat=True))
    assert len(names) == 3 and {"paul", "x_"} < names
    (imported,) = authors.authors(["0190a5f27c3b7d1e8f0000000000000a"]).values()
    assert User.objects.get(pk=imported).username.startswith("0190a5f27c3b7d1e8f0000000000000a-")


def test_writers_in_sql_get_the_lower_case_form(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO users (username, email, password_hash) VALUES ('Fay', 'f@example.org', '')")
        cursor.execute("UPDATE users SET username = 'GIL' WHERE username = 'Fay' RETURNING skeleton")
        assert cursor.fetchone() == ("gil",)
