"""People in the admin: what staff may see and do, and what nobody may see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Profile, RefreshToken, Relationship, Setting, User
from accounts.services import departures, people, tokens
from chatsite.errors import Unauthorized
from chatsite.postgres.scope import as_staff
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db
USERS = "/admin/accounts/user/"
ALL = [f"/admin/accounts/{name}/" for name in ("user", "profile", "relationship", "setting", "refreshtoken")]


@pytest.fixture
def root(cast: Cast, client: Client) -> Client:
    """An administrator: ada."""
    cast.ada.is_staff = cast.ada.is_superuser = True
    cast.ada.save()
    client.force_login(cast.ada)
    return client


@pytest.fixture
def staff(cast: Cast, root: Client) -> Client:
    """Dora may change everything about people, and is no administrator."""
    cast.dora.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client = Client()
    client.force_login(cast.dora)
    return client


@pytest.fixture
def rows(cast: Cast) -> dict[str, Any]:
    """Something of everything about ben."""
    tokens.issue(cast.ben, "Ben's telephone")
    Relationship.objects.create(user=cast.ben, related_user=cast.eve, type="friend", status="pending")
    Setting.objects.create(user=cast.ben, key="theme", value="dark")
    return {
        "/admin/accounts/user/": cast.ben,
        "/admin/accounts/profile/": Profile.objects.get(user=cast.ben),
        "/admin/accounts/relationship/": Relationship.objects.get(user=cast.ben),
        "/admin/accounts/setting/": Setting.objects.get(user=cast.ben),
        "/admin/accounts/refreshtoken/": RefreshToken.objects.get(user=cast.ben),
    }


def hashes(user: User) -> list[str]:
    user.refresh_from_db()
    return [user.password, user.password.rsplit("$", 1)[-1], *user.refresh_tokens.values_list("token", flat=True)]


@pytest.mark.parametrize("address", ALL)
def test_lists_searches_and_pages_open_and_show_no_hash(root: Client, rows: dict[str, Any], address: str) -> None:
    row = rows[address]
    owner: User = getattr(row, "user", row)
    secrets = hashes(owner)
    assert len(secrets) == 3
    for page in (address, f"{address}?q=ben", f"{address}{row.pk}/change/"):
        response = root.get(page)
        text = response.content.decode()
        assert response.status_code == 200, page
        assert "ben" in text
        assert not [secret for secret in secrets if secret in text], page
    assert root.get(f"{address}?q=nobody").context["cl"].result_count == 0


@pytest.mark.parametrize(
    "address",
    [
        f"{USERS}?password__startswith=argon2",
        "/admin/accounts/refreshtoken/?token__startswith=a",
        "/admin/accounts/profile/?user__password__startswith=argon2",
        "/admin/accounts/refreshtoken/?user__password__contains=argon2",
    ],
)
def test_no_hash_can_be_guessed_by_a_filter_in_the_address(root: Client, rows: dict[str, Any], address: str) -> None:
    assert root.get(address).status_code == 400


def test_filters_and_hierarchies(cast: Cast, root: Client, rows: dict[str, Any]) -> None:
    now = timezone.now()
    for address, count in (
        (f"{USERS}?is_staff__exact=1", 2),
        (f"{USERS}?is_active__exact=1&is_superuser__exact=0", 4),
        (f"{USERS}?created_at__year={now.year}", 5),
        (f"{USERS}?created_at__year={now.year - 1}", 0),
        ("/admin/accounts/relationship/?type__exact=friend&status__exact=pending", 1),
        ("/admin/accounts/relationship/?type__exact=blocked", 0),
        ("/admin/accounts/setting/?key=theme", 1),
        ("/admin/accounts/refreshtoken/?revoked__exact=0", 1),
        (f"/admin/accounts/refreshtoken/?created_at__year={now.year}&created_at__month={now.month}", 1),
    ):
        assert root.get(address).context["cl"].result_count == count, address


def test_a_person_is_made_with_a_password_that_works(root: Client) -> None:
    fresh = {"username": "fay", "email": "Fay@Example.org", "password1": PASSWORD, "password2": PASSWORD}
    response = root.post(f"{USERS}add/", {**fresh, "usable_password": "true"})
    assert response.status_code == 302
    made = User.objects.get(username="fay")
    assert (made.email, made.check_password(PASSWORD), made.is_staff) == ("fay@example.org", True, False)
    assert made.profile.display_name is None
    again = root.post(f"{USERS}add/", {**fresh, "username": "FAY", "usable_password": "true"})
    assert again.status_code == 200  # the same name in other letters


def form_of(client: Client, user: User, **changes: Any) -> dict[str, Any]:
    """What the page of a person would send back, with changes. None leaves a field out, as an unticked box does."""
    page = client.get(f"{USERS}{user.pk}/change/")
    sent: dict[str, Any] = {}
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False and value != []:
                sent[field.html_name] = [str(one) for one in value] if isinstance(value, list) else str(value)
    return {name: value for name, value in {**sent, **changes}.items() if value is not None}


def test_deactivating_someone_signs_them_out_everywhere(cast: Cast, root: Client) -> None:
    pair = tokens.issue(cast.ben)
    browser = Client()
    browser.force_login(cast.ben)
    assert root.post(f"{USERS}{cast.ben.pk}/change/", form_of(root, cast.ben, is_active=None)).status_code == 302
    cast.ben.refresh_from_db()
    assert not cast.ben.is_active
    with pytest.raises(Unauthorized):
        tokens.refresh(pair.refresh)
    assert browser.get("/people/").status_code == 302


def test_renaming_someone_shows_at_once(cast: Cast, root: Client) -> None:
    assert people.card(cast.ben.chat_id).display_name == "Ben Okafor"
    changed = form_of(root, cast.ben, username="benjamin", **{"profile-0-display_name": "Benjamin"})
    assert root.post(f"{USERS}{cast.ben.pk}/change/", changed).status_code == 302
    shown = people.card(cast.ben.chat_id)
    assert (shown.username, shown.display_name) == ("benjamin", "Benjamin")


def test_a_new_password_ends_all_sessions(cast: Cast, root: Client) -> None:
    pair = tokens.issue(cast.ben)
    fresh = "another long pass phrase"
    body = {"password1": fresh, "password2": fresh, "usable_password": "true", "set-password": ""}
    assert root.post(f"{USERS}{cast.ben.pk}/password/", body).status_code == 302
    cast.ben.refresh_from_db()
    assert cast.ben.check_password(fresh)
    with pytest.raises(Unauthorized):
        tokens.refresh(pair.refresh)


def test_staff_make_nobody_staff(cast: Cast, staff: Client) -> None:
    sent = form_of(staff, cast.ben, is_staff="on", is_superuser="on", is_verified="on")
    assert staff.post(f"{USERS}{cast.ben.pk}/change/", sent).status_code == 302
    cast.ben.refresh_from_db()
    assert (cast.ben.is_staff, cast.ben.is_superuser, cast.ben.is_verified) == (False, False, True)


def test_staff_cannot_touch_an_administrator(cast: Cast, staff: Client) -> None:
    before = cast.ada.password
    body = {"password1": "taken over completely", "password2": "taken over completely", "usable_password": "true"}
    assert staff.post(f"{USERS}{cast.ada.pk}/password/", body).status_code == 403
    assert staff.post(f"{USERS}{cast.ada.pk}/change/", {"username": "x", "email": "x@x.org"}).status_code == 403
    assert staff.post(f"{USERS}{cast.ada.pk}/delete/", {"post": "yes"}).status_code == 403
    staff.post(USERS, {"action": "delete_selected", "_selected_action": [str(cast.ada.pk)], "post": "yes"})
    cast.ada.refresh_from_db()
    assert (cast.ada.username, cast.ada.password) == ("ada", before)


def test_staff_take_no_rights_from_elsewhere(cast: Cast, staff: Client) -> None:
    """Not by a profile or a setting that is moved to someone else either."""
    theirs = Profile.objects.get(user=cast.ben)
    body = {"user": str(cast.eve.pk), "display_name": "Ben", "bio": "", "avatar_url": ""}
    assert staff.post(f"/admin/accounts/profile/{theirs.pk}/change/", body).status_code == 302
    theirs.refresh_from_db()
    assert (theirs.user, theirs.display_name) == (cast.ben, "Ben")


def test_api_sessions_are_ended_not_written(cast: Cast, root: Client) -> None:
    pair, other = tokens.issue(cast.ben), tokens.issue(cast.ben)
    family = RefreshToken.objects.order_by("created_at")[0]
    address = "/admin/accounts/refreshtoken/"
    assert root.post(f"{address}{family.pk}/change/", {"revoked": "on"}).status_code == 403
    assert root.get(f"{address}add/").status_code == 403
    root.post(address, {"action": "end", "_selected_action": [str(family.pk)]})
    with pytest.raises(Unauthorized):
        tokens.refresh(pair.refresh)
    assert tokens.refresh(other.refresh).access


def test_a_link_to_choose_a_password_is_made_for_whom_one_may_help(cast: Cast, staff: Client) -> None:
    User.objects.filter(pk=cast.cleo.pk).update(is_active=False)
    chosen = [str(person.pk) for person in (cast.ada, cast.ben, cast.cleo)]
    page = staff.post(USERS, {"action": "password_links", "_selected_action": chosen}, follow=True)
    said = [str(message) for message in page.context["messages"]]
    assert [text.split(":")[0] for text in said] == ["ben"]
    assert b'name="password1"' in Client().get(said[0].split(": ", 1)[1], follow=True).content


def test_a_page_links_to_what_the_person_did(cast: Cast, root: Client) -> None:
    page = root.get(f"{USERS}{cast.ben.pk}/change/").content.decode()
    for address in ("messaging/conversation", "messaging/message", "notifications/notification"):
        assert f"/admin/{address}/?q={cast.ben.pk}" in page


def test_expired_things_do_not_hinder_the_page(cast: Cast, root: Client) -> None:
    past = timezone.now() - timedelta(days=400)
    RefreshToken.objects.create(user=cast.ben, token=uuid4().hex, expires_at=past, revoked=True, revoked_at=past)
    assert root.get(f"{USERS}{cast.ben.pk}/change/").status_code == 200


@pytest.mark.parametrize("address", ALL)
def test_who_has_no_permission_sees_nothing(cast: Cast, address: str) -> None:
    for person in (cast.dora, cast.eve):
        client = Client()
        client.force_login(person)
        assert client.get(address, follow=True).status_code == 403


def test_whoever_is_deleted_is_gone_with_all_that_is_theirs_and_their_name_is_given_to_nobody(
    cast: Cast, root: Client, rows: dict[str, Any]
) -> None:
    sure = root.get(f"{USERS}{cast.ben.pk}/delete/")
    assert sure.status_code == 200 and "ben" in sure.content.decode()
    assert root.post(f"{USERS}{cast.ben.pk}/delete/", {"post": "yes"})["Location"] == USERS
    for model in (Profile, Relationship, Setting, RefreshToken):
        assert not model.objects.filter(user=cast.ben.pk).exists(), model
    assert not User.objects.filter(username="ben").exists() and departures.retired(["Ben"])
    chosen = [str(cast.cleo.pk), str(cast.eve.pk)]
    root.post(USERS, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"})
    assert not User.objects.filter(pk__in=chosen).exists()


def test_the_staff_neither_read_a_secret_nor_write_it_over(cast: Cast) -> None:
    tokens.issue(cast.ben)
    with as_staff(cast.dora.pk):
        person = User.objects.get(pk=cast.ben.pk)
        assert person.password is None and RefreshToken.objects.get().token is None
        with pytest.raises(IntegrityError), transaction.atomic():
            person.save()
    cast.ben.refresh_from_db()
    assert cast.ben.check_password(PASSWORD) and RefreshToken.objects.get().token
