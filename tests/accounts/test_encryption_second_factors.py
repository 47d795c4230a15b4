"""TOTP secrets, recovery codes and passkeys: sealed in the database, and they still open the door."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.exceptions import FieldError
from hypothesis import given
from hypothesis import strategies as st

from chatsite.crypto.errors import Forged, NotSealed
from tests.cast import Cast
from tests.sealing import stored

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@given(text=st.text())
def test_the_adapter_seals_and_opens_any_text(text: str) -> None:
    sealed = get_adapter().encrypt(text)
    assert sealed != text and get_adapter().decrypt(sealed) == text


def test_the_adapter_takes_nothing_that_is_not_sealed_here() -> None:
    with pytest.raises(NotSealed):
        get_adapter().decrypt(SECRET)
    sealed = get_adapter().encrypt(SECRET)
    with pytest.raises(Forged):
        get_adapter().decrypt(sealed[:-2] + ("AA" if sealed[-2:] != "AA" else "BA"))


@pytest.mark.django_db
def test_a_code_of_the_app_is_right_and_its_secret_is_sealed(cast: Cast) -> None:
    TOTP.activate(cast.ada, SECRET)
    (data,) = stored("mfa_authenticator.data")
    assert SECRET not in data and json.loads(data)["secret"].startswith("v1.")
    code = format_hotp_value(hotp_value(SECRET, list(yield_hotp_counters_from_time())[0]))
    totp = Authenticator.objects.get(user=cast.ada).wrap()
    assert totp.validate_code(code) and not totp.validate_code("000000" if code != "000000" else "111111")


@pytest.mark.django_db
def test_a_recovery_code_is_right_once_and_its_seed_is_sealed(cast: Cast) -> None:
    code = RecoveryCodes.activate(cast.ada).generate_codes()[0]
    (data,) = stored("mfa_authenticator.data")
    assert json.loads(data)["seed"].startswith("v1.") and code not in data
    again = Authenticator.objects.get(user=cast.ada).wrap()
    assert again.validate_code(code) and not again.validate_code(code)


@pytest.mark.django_db
def test_a_passkey_is_sealed_and_keeps_its_name(cast: Cast) -> None:
    data = {"name": "Ada's telephone", "credential": {"id": "credential-id", "clientExtensionResults": {}}}
    row = Authenticator.objects.create(user=cast.ada, type=Authenticator.Type.WEBAUTHN, data=data)
    row.record_usage()
    assert Authenticator.objects.get().data == row.data == data
    assert Authenticator.objects.get().wrap().name == "Ada's telephone"
    (text,) = stored("mfa_authenticator.data")
    assert "telephone" not in text and "credential-id" not in text


@pytest.mark.django_db
def test_nobody_looks_into_what_is_sealed(cast: Cast) -> None:
    with pytest.raises(FieldError):
        Authenticator.objects.filter(data__secret=SECRET)
