from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.declared import CHOICES, DECLARED, GROUPS
from accounts.models import Setting
from accounts.services import settings
from chatsite.errors import Invalid
from tests.cast import Cast


def test_defaults_until_changed(cast: Cast, django_capture_on_commit_callbacks: Callable) -> None:
    assert settings.read(cast.ada.chat_id) == settings.defaults()
    with django_capture_on_commit_callbacks(execute=True):
        settings.update(cast.ada.chat_id, {"theme": "dark", "enter_to_send": False})
    assert settings.read(cast.ada.chat_id) == settings.defaults() | {"theme": "dark", "enter_to_send": False}
    assert settings.read(cast.ben.chat_id) == settings.defaults()


@pytest.mark.parametrize(
    "changes",
    [
        {"theme": "pink"},
        {"theme": None},
        {"theme": {"$ne": ""}},
        {"enter_to_send": "true"},
        {"enter_to_send": 1},
        {"no_such": True},
        {"enter_to_send": False, "theme": 3},
        {"may_message": "nobody"},
        {"last_seen": True},
        {"time_zone": "Middle/Earth"},
        {"time_zone": "../../etc/passwd"},
        {"language": "tlh"},
    ],
)
def test_wrong_settings_are_named_and_change_nothing(cast: Cast, changes: dict[str, object]) -> None:
    with pytest.raises(Invalid) as caught:
        settings.update(cast.ada.chat_id, changes)
    assert set(caught.value.fields or {}) == set(changes) - ({"enter_to_send"} if len(changes) > 1 else set())
    assert not Setting.objects.exists()


def test_a_stored_value_that_is_no_longer_declared_counts_as_unset(cast: Cast) -> None:
    Setting.objects.create(user=cast.ada, key="theme", value="solarized")
    Setting.objects.create(user=cast.ada, key="forgotten", value=1)
    assert settings.read(cast.ada.chat_id) == settings.defaults()


def test_the_page_saves_all_and_sets_the_theme_before_log_in(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    response = client.post("/settings/", {"theme": "dark"})
    assert response.status_code == 302
    assert client.cookies["theme"].value == "dark"
    stored = dict(Setting.objects.values_list("key", "value"))
    assert stored == {"theme": "dark"} | dict.fromkeys(["link_previews", "enter_to_send", "typing", "receipts"], False)
    client.post("/settings/", {"theme": "system"})
    assert client.cookies["theme"].value == ""


def test_pages_follow_the_settings_on_every_device(
    client: Client, cast: Cast, django_capture_on_commit_callbacks: Callable
) -> None:
    client.force_login(cast.ada)
    before = client.get("/settings/").content
    assert b'data-theme="system"' in before and b"data-enter-breaks" not in before
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/settings/", {"theme": "dark"})
    other = Client()
    other.force_login(cast.ada)
    page = other.get("/settings/").content
    assert b'data-theme="dark"' in page and b"data-enter-breaks" in page


def test_a_read_that_began_before_a_change_does_not_bring_the_old_values_back(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable
) -> None:
    me, add = cast.ada.chat_id, settings.cache.add

    def add_late(*given: object) -> bool:
        monkeypatch.undo()
        with django_capture_on_commit_callbacks(execute=True):
            settings.update(me, {"receipts": False})
        return bool(add(*given))

    monkeypatch.setattr(settings.cache, "add", add_late)
    assert settings.read(me)["receipts"] is True
    assert settings.read(me)["receipts"] is False


def test_who_has_switched_something_off(cast: Cast) -> None:
    settings.update(cast.ada.chat_id, {"receipts": False, "enter_to_send": True})
    settings.update(cast.ben.chat_id, {"receipts": True, "enter_to_send": False})
    everyone = [cast.ada.chat_id, cast.ben.chat_id, cast.cleo.chat_id]
    assert settings.switched_off("receipts", everyone) == {cast.ada.chat_id}
    assert settings.switched_off("receipts", everyone[1:]) == set()


@pytest.mark.parametrize("key", DECLARED)
@pytest.mark.parametrize("value", [True, "x", 1, None, ["x"], {"x": True}])
def test_the_database_takes_only_the_declared_kind_of_value(cast: Cast, key: str, value: object) -> None:
    declared = str if key in CHOICES else bool
    try:
        with transaction.atomic():
            Setting.objects.create(user=cast.ada, key=key, value=value)
        stored = True
    except IntegrityError:
        stored = False
    assert stored == (type(value) is declared)


def test_every_setting_stands_in_a_part_of_the_page_with_its_words(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    page = client.get("/settings/").content.decode()
    assert {declared.group for declared in DECLARED.values()} == set(GROUPS)
    for key, declared in DECLARED.items():
        assert f'name="{key}"' in page
        assert str(declared.label) in page


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    response = client.post("/settings/", {"theme": "dark", "time_zone": "Middle/Earth", "last_seen": "nobody"})
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"time_zone"}
    assert b'aria-invalid="true"' in response.content
    assert not Setting.objects.exists()


@pytest.mark.parametrize("key", CHOICES)
def test_page_and_api_say_it_in_the_same_words(client: Client, cast: Cast, key: str) -> None:
    client.force_login(cast.ada)
    page = client.post("/settings/", {key: "Middle/Earth"}).context["form"].errors[key]
    answer = client.patch("/api/v1/me/settings/", {key: "Middle/Earth"}, "application/json")
    assert answer.json()["fields"][key] == page


def test_what_a_form_leaves_out_stays_as_it_was(client: Client, cast: Cast) -> None:
    settings.update(cast.ada.chat_id, {"may_message": "friends", "last_seen": "nobody"})
    client.force_login(cast.ada)
    client.post("/settings/", {"last_seen": "friends", "receipts": "on"})
    stored = dict(Setting.objects.filter(user=cast.ada).values_list("key", "value"))
    assert stored["may_message"] == "friends"
    assert stored["last_seen"] == "friends"


def test_pages_tell_the_time_of_the_chosen_zone(
    client: Client, cast: Cast, django_capture_on_commit_callbacks: Callable
) -> None:
    type(cast.ben).objects.filter(pk=cast.ben.pk).update(created_at="2026-11-23T20:30:00Z")
    client.force_login(cast.ada)
    assert b"23 November 2026" in client.get("/people/ben/").content
    with django_capture_on_commit_callbacks(execute=True):
        settings.update(cast.ada.chat_id, {"time_zone": "Asia/Tokyo"})
    assert b"24 November 2026" in client.get("/people/ben/").content
    client.force_login(cast.eve)
    assert b"23 November 2026" in client.get("/people/ben/").content


def test_pages_speak_the_chosen_language(
    client: Client, cast: Cast, django_capture_on_commit_callbacks: Callable
) -> None:
    assert list(DECLARED["language"].choices or ()) == ["auto", "en", "de", "es", "ar"]
    client.force_login(cast.ada)
    with django_capture_on_commit_callbacks(execute=True):
        settings.update(cast.ada.chat_id, {"language": "en"})
    assert b'<html lang="en"' in client.get("/settings/", headers={"Accept-Language": "de"}).content
