from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

CLOSE, DELETE = "close", "delete"


class LeavingForm(forms.Form):
    """How someone leaves."""

    action = forms.ChoiceField(choices=[(CLOSE, _("Deactivate")), (DELETE, _("Delete"))])
