from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    class Meta:
        model = Profile
        fields = ("display_name", "bio")
        widgets: ClassVar = {
            "display_name": forms.TextInput({"autocomplete": "name", "dir": "auto"}),
            "bio": forms.Textarea({"rows": 4, "dir": "auto"}),
        }
        help_texts: ClassVar = {
            "display_name": _("Shown wherever you write. Without one, your user name is."),
            "bio": _("A few words for those who open your page."),
        }
