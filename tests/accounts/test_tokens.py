"""SECURITY.md A10 and A11: refresh chains, access tokens, tickets."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core import mail, signing
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from accounts.models import RefreshToken, User
from accounts.services import tokens
from accounts.services.tokens import access, refreshing, tickets
from accounts.tasks import tell_of_reuse
from chatsite.cache import RedisCache
from chatsite.errors import NotFound, Unauthorized
from tests.cast import Cast


def age(seconds: float) -> None:
    """Let time pass for what has been used."""
    for token in RefreshToken.objects.exclude(used_at=None):
        RefreshToken.objects.filter(pk=token.pk).update(used_at=token.used_at - timedelta(seconds=seconds))


def alive(text: str) -> bool:
    try:
        tokens.authenticate(text)
    except Unauthorized:
        return False
    return True


def test_a_chain_goes_on(cast: Cast) -> None:
    pair = tokens.issue(cast.ada)
    for _ in range(3):
        following = tokens.refresh(pair.refresh)
        assert following.refresh != pair.refresh
        pair = following
    assert tokens.read_access(pair.access).user == cast.ada.chat_id
    assert pair.expires_in == 600
    assert RefreshToken.objects.count() == 4


def test_a_repeat_within_ten_seconds_gets_the_very_same_pair(cast: Cast) -> None:
    first = tokens.issue(cast.ada)
    second = tokens.refresh(first.refresh)
    age(9)
    assert tokens.refresh(first.refresh) == second
    assert RefreshToken.objects.count() == 2


def test_a_late_repeat_ends_the_family(
    cast: Cast, ended: list[str], django_capture_on_commit_callbacks: Callable
) -> None:
    first, other = tokens.issue(cast.ada), tokens.issue(cast.ada)
    second = tokens.refresh(first.refresh)
    age(11)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Unauthorized):
        tokens.refresh(first.refresh)
    with pytest.raises(Unauthorized):
        tokens.refresh(second.refresh)
    assert not alive(first.access) and not alive(second.access)
    assert alive(other.access), "the reuse of one chain ended another"
    assert ended == [cast.ada.chat_id]


def test_whose_chain_was_reused_is_written_to_once(cast: Cast) -> None:
    first = tokens.issue(cast.ada)
    tokens.refresh(first.refresh)
    age(11)
    for _ in range(2):
        with pytest.raises(Unauthorized):
            tokens.refresh(first.refresh)
    job = ProcrastinateJob.objects.get(task_name=refreshing.TELL)
    tell_of_reuse(**job.args)
    (letter,) = mail.outbox
    assert letter.to == ["ada@example.org"] and "was used before" in letter.body
    assert first.refresh not in letter.body


def test_a_repeat_after_the_child_was_used_is_theft_however_soon(cast: Cast) -> None:
    first = tokens.issue(cast.ada)
    third = tokens.refresh(tokens.refresh(first.refresh).refresh)
    with pytest.raises(Unauthorized):
        tokens.refresh(first.refresh)
    with pytest.raises(Unauthorized):
        tokens.refresh(third.refresh)


@pytest.mark.django_db(transaction=True)
def test_twenty_refreshes_at_once_make_one_child(cast: Cast) -> None:
    first = tokens.issue(cast.ada)

    def turn(_: int) -> tokens.Pair:
        try:
            return tokens.refresh(first.refresh)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        pairs = set(map(repr, pool.map(turn, range(20))))
    assert len(pairs) == 1
    assert RefreshToken.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_revocation_of_a_reused_family_is_committed(cast: Cast) -> None:
    first = tokens.issue(cast.ada)
    tokens.refresh(first.refresh)
    age(11)
    with pytest.raises(Unauthorized):
        tokens.refresh(first.refresh)
    with ThreadPoolExecutor(1) as elsewhere:
        living = RefreshToken.objects.filter(revoked=False)
        assert elsewhere.submit(lambda: (living.count(), connection.close())).result()[0] == 0


@pytest.mark.parametrize("secret", ["", "rt_", "rt_nonsense", "\0", "\ud800", "x" * 100_000])
def test_an_unknown_secret_is_refused(cast: Cast, secret: str) -> None:
    with pytest.raises(Unauthorized):
        tokens.refresh(secret)
    tokens.revoke(secret)


def test_chains_end_by_idling_and_after_half_a_year(cast: Cast) -> None:
    pair = tokens.issue(cast.ada)
    token = RefreshToken.objects.get()
    assert token.expires_at - token.created_at == timedelta(days=30)
    RefreshToken.objects.update(authenticated_at=timezone.now() - timedelta(days=179))
    tokens.refresh(pair.refresh)
    child = RefreshToken.objects.get(parent=token)
    assert child.expires_at - timezone.now() < timedelta(days=1)
    RefreshToken.objects.update(expires_at=timezone.now())
    with pytest.raises(Unauthorized):
        tokens.refresh(pair.refresh)


def test_signing_out_and_closing_accounts_end_access(cast: Cast) -> None:
    ada, ben = tokens.issue(cast.ada), tokens.issue(cast.ben)
    tokens.revoke(tokens.refresh(ada.refresh).refresh)
    assert not alive(ada.access) and alive(ben.access)
    User.objects.filter(pk=cast.ben.pk).update(is_active=False)
    assert not alive(ben.access)
    with pytest.raises(Unauthorized):
        tokens.refresh(ben.refresh)


def test_the_database_holds_no_secret(cast: Cast) -> None:
    pair = tokens.issue(cast.ada)
    following = tokens.refresh(pair.refresh)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM refresh_tokens t")
        dump = cursor.fetchone()[0]
    secrets = [secret.removeprefix("rt_") for secret in (pair.refresh, following.refresh)]
    assert not [secret for secret in secrets if secret in dump]
    assert not [secret for secret in (pair.access, following.access) if secret in dump]


def test_ones_sessions_are_listed_and_ended_by_oneself_only(cast: Cast) -> None:
    phone = tokens.refresh(tokens.issue(cast.ada, "Ada's phone").refresh)
    tokens.issue(cast.ben, "curl")
    (family,) = tokens.families(cast.ada.chat_id)
    assert family.device == "Ada's phone"
    with pytest.raises(NotFound):
        tokens.end(cast.eve.chat_id, family.id)
    assert alive(phone.access)
    tokens.end(cast.ada.chat_id, family.id)
    assert not alive(phone.access) and tokens.families(cast.ada.chat_id) == []
    with pytest.raises(NotFound):
        tokens.end(cast.ada.chat_id, family.id)


# Access tokens ---------------------------------------------------------------------------------------------------


def part(value: dict) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def forge(good: str, header: dict | None = None, **claims: object) -> str:
    """A token signed with another key, or with ours where nothing but the claims is wrong."""
    head, body = jwt.get_unverified_header(good), jwt.decode(good, options={"verify_signature": False})
    key = access._keys(refreshing.keys.secrets())[0].private if header is None else Ed25519PrivateKey.generate()
    body = {name: value for name, value in {**body, **claims}.items() if value is not None}
    return jwt.encode(body, key, algorithm="EdDSA", headers={**head, **(header or {})})


def forgeries(good: str) -> dict[str, str]:
    head, body, signature = good.split(".")
    claims = jwt.decode(good, options={"verify_signature": False})
    kid = jwt.get_unverified_header(good)["kid"]
    hs = jwt.encode(claims, "k" * 32, algorithm="HS256", headers={"kid": kid, "typ": "at+jwt"})
    return {
        "alg none": f"{part({'alg': 'none', 'kid': kid, 'typ': 'at+jwt'})}.{body}.",
        "hmac confusion": hs,
        "another key": forge(good, header={}),
        "kid traversal": forge(good, header={"kid": "../../dev/null"}),
        "no kid": forge(good, header={"kid": "0" * 16}),
        "another type": f"{part({'alg': 'EdDSA', 'kid': kid, 'typ': 'JWT'})}.{body}.{signature}",
        "edited sub": f"{head}.{part({**claims, 'sub': str(User.objects.get(username='eve').pk)})}.{signature}",
        "wrong audience": forge(good, aud="other"),
        "wrong issuer": forge(good, iss="https://elsewhere.example"),
        "expired": forge(good, exp=int((datetime.now(UTC) - timedelta(seconds=31)).timestamp())),
        "no expiry": forge(good, exp=None),
        "no session": forge(good, sid=None),
        "sub is no id": forge(good, sub="ada"),
        "sid is no id": forge(good, sid="x"),
        "too long": good + "x" * 3000,
        "empty": "",
        "two parts": f"{head}.{body}",
        "not ascii": "é.é.é",
    }


def test_the_forger_could_sign(cast: Cast) -> None:
    """The forgeries below fail for what is wrong with them, not because the forging is clumsy."""
    assert alive(forge(tokens.issue(cast.ada).access))


def test_forged_access_tokens_are_refused(cast: Cast) -> None:
    forged = forgeries(tokens.issue(cast.ada).access)
    assert [kind for kind, text in forged.items() if alive(text)] == []


def test_a_little_difference_of_clocks_is_forgiven(cast: Cast) -> None:
    good = tokens.issue(cast.ada).access
    assert alive(forge(good, exp=int((datetime.now(UTC) - timedelta(seconds=15)).timestamp())))


def test_tokens_survive_a_change_of_the_secret_while_the_old_one_is_listed(cast: Cast, settings: Settings) -> None:
    pair = tokens.issue(cast.ada)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another secret key of more than fifty characters, made up here"
    assert not alive(pair.access)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert alive(pair.access)
    assert alive(tokens.refresh(pair.refresh).access)


# Tickets -----------------------------------------------------------------------------------------------------------


def test_a_ticket_works_once(cast: Cast) -> None:
    ticket = tokens.issue_ticket(cast.ada.chat_id)
    assert tokens.redeem_ticket(ticket) == (cast.ada.chat_id, None)
    assert tokens.redeem_ticket(ticket) is None


def test_a_ticket_used_in_another_process_is_used_here(cast: Cast) -> None:
    ticket = tokens.issue_ticket(cast.ada.chat_id)
    assert tokens.redeem_ticket(ticket) == (cast.ada.chat_id, None)
    tickets._used.clear()
    assert tokens.redeem_ticket(ticket) is None


def test_a_ticket_works_once_without_the_cache(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RedisCache, "_down_until", time.monotonic() + 60)  # as after an error
    ticket = tokens.issue_ticket(cast.ada.chat_id)
    assert [tokens.redeem_ticket(ticket), tokens.redeem_ticket(ticket)] == [(cast.ada.chat_id, None), None]


def test_tickets_expire_and_cannot_be_made_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = tokens.issue_ticket(cast.ada.chat_id)
    monkeypatch.setattr(tickets, "LIFETIME", -1)
    assert tokens.redeem_ticket(ticket) is None
    monkeypatch.undo()
    for made_up in ("", "x", ticket[:-1], signing.dumps("x"), ticket.replace(cast.ada.chat_id, cast.eve.chat_id)):
        assert tokens.redeem_ticket(made_up) is None


def test_a_ticket_is_worth_nothing_to_a_closed_account(cast: Cast) -> None:
    ticket = tokens.issue_ticket(cast.ada.chat_id)
    User.objects.filter(pk=cast.ada.pk).update(is_active=False)
    assert tokens.redeem_ticket(ticket) is None
