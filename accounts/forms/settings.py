from __future__ import annotations

from typing import Any

from django import forms

from accounts.services import settings


def _field(declared: settings.Declared) -> forms.Field:
    if declared.choices is None:
        return forms.BooleanField(label=declared.label, help_text=declared.help, required=False)
    choices = list(declared.choices.items())
    return forms.ChoiceField(label=declared.label, help_text=declared.help, choices=choices, widget=forms.RadioSelect)


class SettingsForm(forms.Form):
    """One field per declared setting: the page cannot fall behind the declarations."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {key: _field(declared) for key, declared in settings.DECLARED.items()}
