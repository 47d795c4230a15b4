"""allauth's hooks for the secrets of second factors: TOTP secrets, the seed of recovery codes."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter

from chatsite.crypto import envelope

WHERE = "mfa_authenticator.data"


class SealedSecrets:
    """The two hooks, for an adapter to inherit before allauth's own, whose hooks do nothing. Passkeys, which do not
    come by here, are sealed by the field (models/borrowed.py)."""

    def encrypt(self, text: str) -> str:
        return envelope.seal(text, WHERE)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises SealError; a secret in the clear is none of ours."""
        return envelope.unseal(encrypted_text, WHERE)


class MFAAdapter(SealedSecrets, DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's adapter with sealed secrets."""
