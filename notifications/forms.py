from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications import policy
from notifications.documents import Channels, NotificationPreference, Types

WAYS = {
    "in_app": _("In the chat: the bell and the list"),
    "email": _("By e-mail"),
    "push": _("On my devices, also when the chat is closed"),
}
KINDS = {
    "message": _("Messages that came while I was away"),
    "friend_request": _("Friend requests, and answers to mine"),
    "system": _("Announcements of the people who run this chat"),
}


class PreferencesForm(forms.Form):
    """What to hear of, and by which of the ways that deliver. A way that does not keeps what was stored for it."""

    types = forms.MultipleChoiceField(
        label=_("Tell me about"), choices=list(KINDS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    channels = forms.MultipleChoiceField(label=_("Tell me"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any, preference: NotificationPreference) -> None:
        initial = {"types": _chosen(preference.types, KINDS), "channels": _chosen(preference.channels, policy.WAYS)}
        super().__init__(data, initial=initial)
        self.preference = preference
        ways: Any = self.fields["channels"]
        ways.choices = [(way, WAYS[way]) for way in policy.WAYS]

    def values(self) -> tuple[Channels, Types]:
        """The preferences as filled in. For a valid form."""
        kept = {way: getattr(self.preference.channels, way) for way in WAYS}
        ways = {way: way in self.cleaned_data["channels"] for way in policy.WAYS}
        return Channels(**(kept | ways)), Types(**{kind: kind in self.cleaned_data["types"] for kind in KINDS})


def _chosen(switches: Channels | Types, names: Iterable[str]) -> list[str]:
    return [name for name in names if getattr(switches, name)]
