from __future__ import annotations

from typing import Any

from allauth.account.forms import AddEmailForm
from django.utils.translation import gettext_lazy as _

from accounts.forms.sign_in import Plain


class ChangeEmail(Plain, AddEmailForm):  # type: ignore[misc]
    """Another address. It becomes mine when a code sent there comes back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New address") if self.user.address else _("Address")
