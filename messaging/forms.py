"""What people type into the messaging pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.documents import NAME_MAX


class Ids(forms.Field):
    """Any number of ids; whether they exist is the service's question."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(str(one) for one in value or ()))


class MessageForm(forms.Form):
    """The composer. Its limits are the service's: what is too long comes back with its words, not cut."""

    content = forms.CharField(strip=False, required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    reply_to = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    attachments = Ids(required=False)

    def clean_content(self) -> str:
        """Line breaks as people typed them: forms send them as CR LF. A person who sends a blank has slipped, unless
        files go with it."""
        content = str(self.cleaned_data["content"]).replace("\r\n", "\n")
        if content.strip():
            return content
        if self.files or "attachments" in self.data:
            return ""
        raise forms.ValidationError(_("A message needs some text."))


class StartForm(forms.Form):
    """Whom to talk with, and for a group what it is called."""

    name = forms.CharField(
        label=_("Name of the group"),
        required=False,
        max_length=NAME_MAX,
        help_text=_("Needed when you choose more than one person."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    who = Ids(label=_("People"), error_messages={"required": _("Choose at least one person.")})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if len(cleaned.get("who", ())) > 1 and not cleaned.get("name"):
            self.add_error("name", _("Give the group a name."))
        return cleaned


class NameForm(forms.Form):
    """A group's name."""

    name = forms.CharField(
        label=_("Name of the group"),
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )


class PeopleForm(forms.Form):
    """People to be added."""

    who = Ids(error_messages={"required": _("Choose at least one person.")})


class ReadForm(forms.Form):
    """How far someone has read."""

    seq = forms.IntegerField(min_value=0)
