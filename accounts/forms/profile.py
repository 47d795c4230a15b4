from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile
from accounts.models.profile import BIO_MAX, DISPLAY_NAME_MAX
from accounts.models.texts import ONE_LINE, PARAGRAPHS, at_most, line, paragraphs


class Line(forms.CharField):
    """One line of text, composed and with single spaces, before it is judged."""

    default_error_messages: ClassVar = {
        "max_length": at_most(DISPLAY_NAME_MAX),
        "null_characters_not_allowed": ONE_LINE.words,
    }

    def to_python(self, value: Any) -> Any:
        return super().to_python(line(value) if isinstance(value, str) else value)


class Paragraphs(forms.CharField):
    """Text with breaks, composed before it is judged."""

    default_error_messages: ClassVar = {
        "max_length": at_most(BIO_MAX),
        "null_characters_not_allowed": PARAGRAPHS.words,
    }

    def to_python(self, value: Any) -> Any:
        return super().to_python(paragraphs(value) if isinstance(value, str) else value)


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    class Meta:
        model = Profile
        fields = ("display_name", "bio")
        field_classes: ClassVar = {"display_name": Line, "bio": Paragraphs}
        widgets: ClassVar = {
            "display_name": forms.TextInput({"autocomplete": "name", "dir": "auto"}),
            "bio": forms.Textarea({"rows": 4, "dir": "auto"}),
        }
        help_texts: ClassVar = {
            "display_name": _("Shown wherever you write. Without one, your user name is."),
            "bio": _("A few words for those who open your page."),
        }
