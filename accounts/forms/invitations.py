from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models.invitation import NOTE_MAX

DAYS = [(1, _("one day")), (7, _("a week")), (30, _("a month"))]
PEOPLE_MAX = 100


class InvitationForm(forms.Form):
    note = forms.CharField(
        label=_("For whom"),
        help_text=_("Only for your own list."),
        max_length=NOTE_MAX,
        required=False,
        widget=forms.TextInput({"dir": "auto"}),
    )
    days = forms.TypedChoiceField(label=_("Works for"), choices=DAYS, coerce=int, initial=7)
    people = forms.IntegerField(label=_("For how many people"), min_value=1, max_value=PEOPLE_MAX, initial=1)
