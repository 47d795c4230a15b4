from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from accounts.declared import DECLARED, GROUPS, Declared

RADIOS = 4  # choices that are shown side by side; more of them fold into a list


class Choice(forms.ChoiceField):
    """Pages always send one. What is not sent stays as it is; what is none is refused in the words of the API."""

    def __init__(self, declared: Declared, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.declared = declared

    def validate(self, value: Any) -> None:
        problem = self.declared.problem(value) if value else None
        if problem:
            raise forms.ValidationError(problem, code="invalid_choice")


def _field(declared: Declared) -> forms.Field:
    if declared.choices is None:
        return forms.BooleanField(label=declared.label, help_text=declared.help, required=False)
    choices = list(declared.choices.items())
    widget = forms.RadioSelect if len(choices) <= RADIOS else forms.Select
    return Choice(declared, label=declared.label, help_text=declared.help, choices=choices, widget=widget)


class SettingsForm(forms.Form):
    """One field per declared setting: the page cannot fall behind the declarations. What is not chosen stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {key: _field(declared) for key, declared in DECLARED.items()}

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The parts of the page: words and fields of each."""
        for group, words in GROUPS.items():
            yield words, [self[key] for key, declared in DECLARED.items() if declared.group == group]

    @property
    def chosen(self) -> dict[str, Any]:
        """The settings of a valid form."""
        return {key: value for key, value in self.cleaned_data.items() if value != ""}
