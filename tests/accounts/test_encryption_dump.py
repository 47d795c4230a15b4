"""A dump of PostgreSQL, as a thief would have it: none of what is planted here is in it, however it is written."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts.models import Profile, User
from accounts.services import registration, tokens
from chatsite.embedded import binaries
from tests.accounts.conftest import last_code

ADDRESS = "Canary.Address+fay@plumage.example"
SECRET = "KZSWE3DJNZSSA5DPORYCA43FMNZGK5BA"
AGENT = "Plumage/7.3 (Canary; wing 42)"
BIO = "Breeds canaries since 1987"
PASSWORD = "seven small purple boats"
FORMATS = {"plain": ["--format=plain"], "custom": ["--format=custom", "--compress=0"], "inserts": ["--inserts"]}


def pg_dump(*options: str) -> bytes:
    """The whole test database."""
    found = binaries.in_wheels(binaries.POSTGRES)
    program = str(found / "pg_dump") if found else shutil.which("pg_dump")
    given: dict[str, Any] = connection.settings_dict
    where = {"PGHOST": given["HOST"], "PGPORT": str(given["PORT"] or 5432), "PGUSER": given["USER"]}
    where |= {"PGPASSWORD": given["PASSWORD"], "PGDATABASE": given["NAME"]}
    return subprocess.run([str(program), *options], env=os.environ | where, capture_output=True, check=True).stdout


def spellings(canary: str) -> list[bytes]:
    """The canary as it is and in lower case; of each, what is the same in base64 wherever it begins; and hex."""
    found = []
    for text in {canary.encode(), canary.lower().encode()}:
        found += [text, text.hex().encode()]
        for before in range(3):
            whole = base64.b64encode(b"\0" * before + text).rstrip(b"=")
            middle = whole[(before * 8 + 5) // 6 : (before + len(text)) * 8 // 6]
            found += [middle, middle.replace(b"+", b"-").replace(b"/", b"_")]
    return found


def caught(dump: bytes, canary: str) -> bool:
    return any(re.search(re.escape(one), dump, re.IGNORECASE) for one in spellings(canary))


@pytest.fixture
def canaries(
    transactional_db: None, client: Client, settings: Settings, mail_server: None, anyone: None
) -> dict[str, str]:
    """Planted through the real doors: sign-up, log-in, second factors, tokens."""
    settings.MFA_RECOVERY_CODE_DIGITS = 12
    form = {"username": "fay", "email": ADDRESS, "password1": PASSWORD}
    assert client.post("/accounts/signup/", form, HTTP_USER_AGENT=AGENT).status_code == 302
    client.post("/accounts/confirm-email/", {"code": last_code()})
    client.logout()
    client = Client(headers={"user-agent": AGENT}, REMOTE_ADDR="203.0.113.77")
    assert client.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD}).status_code == 302
    fay = User.objects.get(username="fay")
    Profile.objects.filter(user=fay).update(bio=BIO)
    TOTP.activate(fay, SECRET)
    codes = RecoveryCodes.activate(fay)
    passkey = {"name": "Canary's cage", "credential": {"id": "Y2FuYXJ5LWNyZWRlbnRpYWw"}}
    Authenticator.objects.create(user=fay, type=Authenticator.Type.WEBAUTHN, data=passkey)
    pair = tokens.issue(fay, "telephone")
    return {
        "address": ADDRESS,
        "part of the address": "plumage.example",
        "TOTP secret": SECRET,
        **{f"recovery code {number}": code for number, code in enumerate(codes.generate_codes())},
        "agent": AGENT,
        "IP address": "203.0.113.77",
        "session": client.cookies["session"].value,
        "passkey": "Y2FuYXJ5LWNyZWRlbnRpYWw",
        "name of the passkey": "Canary's cage",
        "refresh token": pair.refresh,
        "access token": pair.access,
        "password link": registration.password_link(fay).rsplit("/", 2)[-2],
        "password": PASSWORD,
        "field key": settings.FIELD_KEYS[0],
        "SECRET_KEY": settings.SECRET_KEY,
    }


@pytest.mark.parametrize("form", FORMATS)
def test_no_canary_is_in_the_dump(canaries: dict[str, str], form: str) -> None:
    dump = pg_dump(*FORMATS[form])
    assert caught(dump, BIO), "what is in the clear is found"
    assert caught(dump, "fay") and dump.count(b"s1.") >= 4 and dump.count(b"v1.") >= 5
    assert EmailAddress.objects.get(email=ADDRESS).email == ADDRESS.lower()
    assert [name for name, canary in canaries.items() if caught(dump, canary)] == []


@pytest.mark.parametrize("write", ["{}", "{} in a sentence", "base64", "hex"])
@pytest.mark.parametrize("before", ["", "a", "ab"])
def test_the_search_finds_any_way_of_writing(canaries: dict[str, str], write: str, before: str) -> None:
    text = before + ADDRESS
    if write == "base64":
        text = base64.urlsafe_b64encode(text.encode()).decode()
    elif write == "hex":
        text = text.encode().hex()
    else:
        text = write.format(text)
    Profile.objects.update(bio=text)
    assert caught(pg_dump(), ADDRESS)
