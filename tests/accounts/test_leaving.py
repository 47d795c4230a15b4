"""Closing an account, having it deleted, and coming back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Departure, Profile, User
from accounts.services import avatars, departures, exports, importing, people, relationships, tokens
from accounts.signals import person_leaves
from accounts.tasks import carry_out_departures, tell_of_departure
from chatsite.errors import ChatError, Conflict, Forbidden, NotFound
from messaging.documents import Conversation
from messaging.repositories import conversations
from messaging.services import conversations as starting
from messaging.services import members, messages
from notifications.repositories import notifications, preferences
from tests import pictures
from tests.cast import PASSWORD, Cast
from tests.messaging.conftest import group, say

__all__ = ["group"]
pytestmark = pytest.mark.django_db
GONE = departures.GRACE + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.CHAT_SIGNUP = tmp_path, "open"


@pytest.fixture(autouse=True)
def at_once(django_capture_on_commit_callbacks: Callable) -> Any:
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        yield callbacks


def log_in(browser: Client, name: str) -> Any:
    return browser.post("/accounts/login/", {"login": name, "password": PASSWORD})


def leave(browser: Client, action: str) -> Any:
    """As one who is asked for the password in between; what they wanted is then done without asking again."""
    browser.post("/settings/leave/", {"action": action})
    return browser.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/settings/leave/"})


@pytest.fixture
def ben(client: Client, cast: Cast) -> Client:
    log_in(client, "ben")
    return client


def time_is_up(user: User) -> None:
    Departure.objects.filter(user=user).update(due_at=timezone.now() - timedelta(seconds=1))


def erase(user: User) -> None:
    departures.delete(user.chat_id)
    time_is_up(user)
    carry_out_departures(timestamp=0)


def test_leaving_asks_who_one_is_first(client: Client, cast: Cast) -> None:
    client.force_login(cast.ben)
    assert b"Deactivate" in client.get("/settings/leave/").content
    assert client.post("/settings/leave/", {"action": "delete"})["Location"].startswith("/accounts/reauthenticate/")
    proof = {"password": "wrong", "next": "/settings/leave/"}
    assert client.post("/accounts/reauthenticate/", proof).status_code == 200
    assert User.objects.get(pk=cast.ben.pk).is_active


@pytest.mark.parametrize(("action", "deleted"), [("close", False), ("delete", True)])
def test_whoever_leaves_is_out_at_once(ben: Client, cast: Cast, action: str, deleted: bool) -> None:
    pair = tokens.issue(cast.ben)
    assert leave(ben, action)["Location"] == "/left/"
    assert (b"deleted on" in ben.get("/left/").content) is deleted
    departure = Departure.objects.get(user=cast.ben)
    assert (departure.due_at is not None) is deleted
    assert ben.get("/profile/").status_code == 302
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {pair.access}"}).status_code == 401
    with pytest.raises(ChatError):
        tokens.refresh(pair.refresh)
    wrong = Client().post("/api/v1/auth/token/", {"login": "ben", "password": PASSWORD}, "application/json")
    assert wrong.status_code == 401


def test_others_see_a_deactivated_account(ben: Client, cast: Cast) -> None:
    relationships.request(cast.ada.chat_id, cast.ben.chat_id)
    relationships.accept(cast.ben.chat_id, cast.ada.chat_id)
    assert people.card(cast.ben.chat_id).display_name == "Ben Okafor"
    departures.close(cast.ben.chat_id)
    people.forget(cast.ben.chat_id)
    for _cached in range(2):
        card = people.card(cast.ben.chat_id)
        assert (card.display_name, card.username, card.avatar_url) == ("Deactivated account", "", None)
    ada = Client()
    ada.force_login(cast.ada)
    assert ada.get("/people/ben/").status_code == 404
    assert b"Ben" not in ada.get("/people/").content
    assert people.search(cast.ada.chat_id, "ben") == []


@pytest.mark.parametrize("go", [departures.close, departures.delete])
def test_one_comes_back_by_logging_in_and_saying_so(client: Client, cast: Cast, go: Callable) -> None:
    go(cast.ben.chat_id)
    assert client.post("/return/")["Location"] == "/accounts/login/"  # nobody has proved anything yet
    assert log_in(client, "ben")["Location"] == "/return/"
    assert not User.objects.get(pk=cast.ben.pk).is_active  # it is a question
    assert b"Come back" in client.get("/return/").content
    assert client.post("/return/")["Location"] == "/"
    assert client.get("/profile/").status_code == 200
    assert not Departure.objects.exists()
    assert people.card(cast.ben.chat_id).display_name == "Ben Okafor"


def test_a_wrong_password_brings_nobody_back(client: Client, cast: Cast) -> None:
    departures.close(cast.ben.chat_id)
    assert client.post("/accounts/login/", {"login": "ben", "password": "wrong"}).status_code == 200
    assert client.get("/return/")["Location"] == "/accounts/login/"


def test_the_question_is_open_for_ten_minutes(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    departures.close(cast.ben.chat_id)
    log_in(client, "ben")
    monkeypatch.setattr("accounts.services.returning.PATIENCE", 0)
    assert client.post("/return/")["Location"] == "/accounts/login/"
    assert not User.objects.get(pk=cast.ben.pk).is_active


def test_who_was_closed_by_the_staff_cannot_come_back_alone(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.ben.pk).update(is_active=False)
    assert log_in(client, "ben")["Location"] == "/accounts/inactive/"
    with pytest.raises(NotFound):
        departures.come_back(cast.ben.chat_id)


def test_the_staff_can_bring_somebody_back(client: Client, cast: Cast) -> None:
    boss = User.objects.create_superuser("boss", "boss@example.org", PASSWORD)
    departures.delete(cast.ben.chat_id)
    client.force_login(boss)
    page = client.get(f"/admin/accounts/user/{cast.ben.pk}/change/")
    data = dict(page.context["adminform"].form.initial) | {"is_active": "on"}
    for inline in page.context["inline_admin_formsets"]:
        data |= {
            f"{inline.formset.prefix}-{key}": value for key, value in inline.formset.management_form.initial.items()
        }
    data |= {"profile-0-id": cast.ben.profile.pk, "profile-0-user": cast.ben.pk}
    kept = {name: value for name, value in data.items() if value is not None and not isinstance(value, list)}
    assert client.post(f"/admin/accounts/user/{cast.ben.pk}/change/", kept).status_code == 302
    assert User.objects.get(pk=cast.ben.pk).is_active and not Departure.objects.exists()


def test_the_last_administrator_stays(client: Client, cast: Cast) -> None:
    bosses = [User.objects.create_superuser(f"boss{n}", f"boss{n}@example.org", PASSWORD) for n in range(2)]
    departures.close(bosses[0].chat_id)
    for go in (departures.close, departures.delete):
        with pytest.raises(Conflict, match="only administrator"):
            go(bosses[1].chat_id)
    log_in(client, "boss1")
    page = leave(client, "delete")
    assert page.status_code == 409 and b"only administrator" in page.content
    assert User.objects.get(pk=bosses[1].pk).is_active


def test_mail_says_until_when(cast: Cast) -> None:
    departure = departures.delete(cast.ben.chat_id)
    job = ProcrastinateJob.objects.get(task_name=departures.TELL, args__user_id=cast.ben.chat_id)
    tell_of_departure(**job.args)
    (letter,) = mail.outbox
    assert letter.to == ["ben@example.org"] and f"{departure.due_at:%B %Y}" in letter.body
    departures.come_back(cast.ben.chat_id)
    tell_of_departure(**job.args)
    assert len(mail.outbox) == 1


def test_before_its_time_nobody_is_deleted(cast: Cast) -> None:
    departures.delete(cast.ben.chat_id)
    departures.close(cast.eve.chat_id)
    carry_out_departures(timestamp=0)
    assert User.objects.filter(pk__in=[cast.ben.pk, cast.eve.pk]).count() == 2
    assert departures.carry_out(cast.ben.chat_id) is False
    in_time = Departure.objects.get(user=cast.ben).due_at
    assert in_time and timedelta(days=13, hours=23) < in_time - timezone.now() < timedelta(days=14, hours=1)


def test_what_goes_and_what_stays(cast: Cast, group: Conversation) -> None:  # noqa: F811
    ben = cast.ben.chat_id
    avatars.put(ben, pictures.picture())
    exports.start(ben)
    relationships.request(cast.dora.chat_id, ben)
    private, _made = starting.start_private(cast.ada.chat_id, ben)
    said = [say(cast.ben, group), say(cast.ben, private)]
    erase(cast.ben)
    assert not User.objects.filter(pk=ben).exists() and not Profile.objects.filter(user_id=ben).exists()
    assert conversations.seats_of_person(cast.ben.chat_id) == {}
    assert notifications.unread(ben) == 0 and preferences.of([ben]) == {}
    assert not [path for path in Path(avatars.default_storage.location).rglob("*") if path.is_file()]
    assert people.card(ben).display_name == "Deleted person"
    for one, where in zip(said, (group, private), strict=True):
        page = messages.page(cast.ada.chat_id, where.id)
        assert [(found.sender_id, found.content) for found in page.messages] == [(ben, one.content)]
    ada = Client()
    ada.force_login(cast.ada)
    for where in (group, private):
        shown = ada.get(f"/c/{where.id}/").content.decode()
        assert "Deleted person" in shown and "Ben" not in shown


def test_nobody_writes_to_one_who_is_gone(cast: Cast) -> None:
    private, _made = starting.start_private(cast.ada.chat_id, cast.ben.chat_id)
    say(cast.ada, private)
    erase(cast.ben)
    with pytest.raises(Forbidden):
        say(cast.ada, private, "still there?")
    with pytest.raises(NotFound):
        starting.start_private(cast.ada.chat_id, cast.ben.chat_id)


def test_groups_pass_on_to_who_is_longest_there(cast: Cast, group: Conversation) -> None:  # noqa: F811
    roles = {seat.user_id: seat.role for seat in members.seats(cast.ben.chat_id, group.id)}
    assert roles[cast.ada.chat_id] == "owner"
    erase(cast.ada)
    roles = {seat.user_id: seat.role for seat in members.seats(cast.ben.chat_id, group.id)}
    assert cast.ada.chat_id not in roles and list(roles.values()).count("owner") == 1


def test_the_user_name_is_never_given_again(client: Client, cast: Cast) -> None:
    erase(cast.ben)
    for name in ("ben", "BEN", "bеn"):  # the last with a Cyrillic е
        assert departures.retired([name]) == {name}
    page = client.post("/accounts/signup/", {"username": "Ben", "email": "n@example.org", "password1": PASSWORD})
    assert "Someone already has this name" in str(page.context["form"].errors["username"])
    row = {"username": "ben", "email": "n@example.org", "display_name": "", "password": ""}
    assert [one.column for one in importing.plan([(2, row)]).problems] == ["username"]
    assert _admin_refuses(cast, "Ben") == [True, True] and _admin_refuses(cast, "benjamin") == [False, False]
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM retired_names")
        assert "ben" not in str(cursor.fetchall())


def _admin_refuses(cast: Cast, name: str) -> list[bool]:
    """Whether the admin finds this name taken, for somebody new and for somebody who is there already."""
    User.objects.filter(pk=cast.ada.pk).update(is_staff=True, is_superuser=True)
    root = Client()
    root.force_login(User.objects.get(pk=cast.ada.pk))
    sent = {"username": name, "email": "x"}
    pages = [root.post(f"/admin/accounts/user/{at}/", sent) for at in ("add", f"{cast.eve.pk}/change")]
    errors = [page.context["adminform"].form.errors for page in pages]
    assert all("email" in one for one in errors), "only the names are right, so that nothing is saved"
    return ["Someone already has this name" in str(one.get("username")) for one in errors]


def test_what_fails_above_keeps_the_person_and_is_tried_again(cast: Cast, group: Conversation) -> None:  # noqa: F811
    def fail(**_: object) -> None:
        raise ConnectionError("MongoDB is away")

    departures.delete(cast.ben.chat_id)
    departures.delete(cast.eve.chat_id)
    time_is_up(cast.ben)
    person_leaves.connect(fail)
    try:
        carry_out_departures(timestamp=0)
    finally:
        person_leaves.disconnect(fail)
    assert User.objects.filter(pk=cast.ben.pk).exists()
    with pytest.raises(NotFound):  # begun is begun: half of them may be gone
        departures.come_back(cast.ben.chat_id)
    carry_out_departures(timestamp=0)
    assert not User.objects.filter(pk=cast.ben.pk).exists()
    assert User.objects.filter(pk=cast.eve.pk).exists()


def test_leaving_over_the_api(cast: Cast) -> None:
    headers = {"Authorization": f"Bearer {tokens.issue(cast.ben).access}"}

    def ask(**body: str) -> Any:
        return Client().post("/api/v1/me/departure/", body, "application/json", headers=headers)

    assert ask(kind="deleted", password="wrong").json()["fields"]["password"]
    assert ask(kind="vanished", password=PASSWORD).json()["fields"]["kind"]
    said = ask(kind="deleted", password=PASSWORD)
    assert said.status_code == 201 and said.json()["due_at"]
    assert ask(kind="deleted", password=PASSWORD).status_code == 401


def test_the_tables_cascade_in_sql(cast: Cast) -> None:
    departures.delete(cast.ben.chat_id)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM users WHERE id = %s", [cast.ben.pk])
    connection.check_constraints()
    assert not Departure.objects.exists()
