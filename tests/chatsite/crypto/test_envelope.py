"""Sealed texts: what was sealed comes out, and nothing else ever does."""

from __future__ import annotations

import os
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatsite.crypto import envelope
from chatsite.crypto.errors import Forged, NotSealed, SealError, UnknownKey
from tests.sealing import NEW, OLD, ring_of

WHERE = "users.email"
FORMS = [envelope.seal, envelope.seal_deterministically]
both = pytest.mark.parametrize("seal", FORMS)
texts = st.text(st.characters(), max_size=300)  # lone surrogates too: somebody may type them


@both
@given(text=texts, where=st.text())
def test_what_was_sealed_comes_out(seal, text: str, where: str) -> None:
    assert envelope.unseal(seal(text, where), where) == text


@both
@given(text=texts, at=st.integers(0), other=st.sampled_from(string.ascii_letters + string.digits + "-_.|=é \0"))
def test_no_character_can_be_changed(seal, text: str, at: int, other: str) -> None:
    sealed = seal(text, WHERE)
    at %= len(sealed)
    changed = sealed[:at] + other + sealed[at + 1 :]
    if changed != sealed:
        with pytest.raises(SealError):
            envelope.unseal(changed, WHERE)


@both
@given(text=texts, cut=st.integers(0))
def test_nothing_can_be_cut_off(seal, text: str, cut: int) -> None:
    sealed = seal(text, WHERE)
    with pytest.raises(SealError):
        envelope.unseal(sealed[: cut % len(sealed)], WHERE)


@both
@pytest.mark.parametrize("length", range(1, 70))
def test_a_payload_of_any_length_that_we_did_not_make_is_refused(seal, length: int) -> None:
    header = seal("", WHERE)[: envelope.HEADER]
    with pytest.raises(Forged):
        envelope.unseal(header + os.urandom(length).hex()[:length], WHERE)


@both
@given(text=texts, where=st.text(), elsewhere=st.text())
def test_a_value_that_was_moved_is_refused(seal, text: str, where: str, elsewhere: str) -> None:
    if where != elsewhere:
        with pytest.raises(Forged):
            envelope.unseal(seal(text, where), elsewhere)


@both
def test_a_value_of_another_row_is_refused(seal) -> None:
    sealed = seal("x", envelope.context("push.endpoint", 1))
    assert envelope.unseal(sealed, envelope.context("push.endpoint", 1)) == "x"
    with pytest.raises(Forged):
        envelope.unseal(sealed, envelope.context("push.endpoint", 2))


@both
def test_another_key_opens_nothing(seal) -> None:
    with ring_of(OLD):
        sealed = seal("x", WHERE)
    with ring_of(NEW, OLD):
        assert envelope.unseal(sealed, WHERE) == "x"
    with ring_of(NEW):
        with pytest.raises(UnknownKey, match=envelope.key_id(sealed)):
            envelope.unseal(sealed, WHERE)
        renamed = sealed.replace(envelope.key_id(sealed), envelope.key_id(seal("x", WHERE)))
        with pytest.raises(Forged):
            envelope.unseal(renamed, WHERE)


@both
def test_one_form_is_not_taken_for_the_other(seal) -> None:
    sealed = seal("x", WHERE)
    other = (envelope.RANDOM if sealed.startswith(envelope.DETERMINISTIC) else envelope.DETERMINISTIC) + sealed[2:]
    with pytest.raises(Forged):
        envelope.unseal(other, WHERE)


@pytest.mark.parametrize("clear", ["", "ada@example.org", "v1", "v1.0123abcd.", "v2.0123abcd.AAAA", "v1.0123ABCD.AAAA"])
def test_what_is_not_sealed_is_refused_and_told_from_what_is(clear: str) -> None:
    assert envelope.key_id(clear) is None
    with pytest.raises(NotSealed):
        envelope.unseal(clear, WHERE)


def test_sealing_twice_looks_different_or_the_same_as_the_form_says() -> None:
    assert envelope.seal("x", WHERE) != envelope.seal("x", WHERE)
    assert envelope.seal_deterministically("x", WHERE) == envelope.seal_deterministically("x", WHERE)
    assert envelope.seal_deterministically("x", WHERE) != envelope.seal_deterministically("x", "account.email")


def test_what_is_looked_for_is_sealed_under_every_key() -> None:
    with ring_of(OLD):
        old = envelope.seal_deterministically("x", WHERE)
    with ring_of(NEW, OLD):
        assert envelope.as_sealed("x", WHERE) == [envelope.seal_deterministically("x", WHERE), old]


@given(text=st.text("ab", max_size=200), column=st.integers(40, 400))
def test_what_fits_into_a_column_is_known_beforehand(text: str, column: int) -> None:
    fits = len(envelope.seal_deterministically(text, WHERE)) <= column
    assert fits == (len(text) <= envelope.capacity(column))


def test_errors_do_not_tell_what_was_sealed() -> None:
    sealed = envelope.seal("a secret", WHERE)
    with pytest.raises(Forged) as caught:
        envelope.unseal(sealed, "elsewhere")
    assert "a secret" not in str(caught.value) and sealed not in str(caught.value)
