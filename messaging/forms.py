"""What people type into the messaging pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chatsite.errors import Invalid
from messaging.documents import DESCRIPTION_MAX, NAME_MAX
from messaging.services.arrangements import Wish
from messaging.services.conversations import MEMBERS_MAX

DAY = 24 * 3600  # seconds


def refusal(form: forms.Form) -> Invalid:
    """What is wrong with a form that is not shown again, in one line."""
    return Invalid(" ".join(str(words) for found in form.errors.values() for words in found))


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
    thread_id = forms.CharField(required=False, widget=forms.HiddenInput)
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


class ArrangementForm(forms.Form):
    """One button of a conversation's menu: its name is what is to change, its value to what."""

    muted = forms.IntegerField(required=False, min_value=-1)  # seconds; -1 until it is taken back, 0 not any more
    pinned = forms.NullBooleanField(required=False)
    archived = forms.NullBooleanField(required=False)
    unread = forms.NullBooleanField(required=False)
    level = forms.ChoiceField(required=False, choices=[("all", ""), ("mentions", ""), ("nothing", "")])

    def wish(self) -> Wish:
        given = self.cleaned_data
        seconds = given["muted"]
        return Wish(
            muted=None if seconds is None else seconds != 0,
            mute_for=seconds if seconds is not None and seconds > 0 else None,
            pinned=given["pinned"],
            archived=given["archived"],
            unread=given["unread"],
            level=given["level"] or None,
        )


class StartForm(forms.Form):
    """Whom to talk with, and for a group what it is called."""

    name = forms.CharField(
        label=_("Name of the group"),
        required=False,
        max_length=NAME_MAX,
        help_text=_("Needed when you choose more than one person."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    public = forms.BooleanField(
        label=_("A public room"),
        required=False,
        help_text=_("Everyone here can find it, join it and read what was said."),
    )
    who = Ids(label=_("People"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        who = cleaned.get("who", ())
        if (len(who) > 1 or cleaned.get("public")) and not cleaned.get("name"):
            self.add_error("name", _("Give the group a name."))
        if not who and not cleaned.get("public"):
            self.add_error("who", _("Choose at least one person."))
        return cleaned


class LooksForm(forms.Form):
    """A group's name, and what it is about."""

    name = forms.CharField(
        label=_("Name of the group"),
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=DESCRIPTION_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class InviteForm(forms.Form):
    """A new link into a group. Without a number it is for as many as come; 0 seconds: without an end."""

    seconds = forms.TypedChoiceField(
        label=_("Works for"),
        coerce=int,
        initial=7 * DAY,
        choices=[(DAY, _("one day")), (7 * DAY, _("a week")), (30 * DAY, _("a month")), (0, _("as long as you like"))],
    )
    uses = forms.IntegerField(
        label=_("For how many people"),
        required=False,
        min_value=1,
        max_value=MEMBERS_MAX,
        help_text=_("Leave it empty for as many as come."),
    )


class PeopleForm(forms.Form):
    """People to be added."""

    who = Ids(error_messages={"required": _("Choose at least one person.")})


class ReadForm(forms.Form):
    """How far someone has read."""

    seq = forms.IntegerField(min_value=0)
