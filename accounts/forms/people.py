from __future__ import annotations

from django import forms

ACTIONS = ("request", "accept", "reject", "cancel", "unfriend", "block", "unblock")


class RelationshipForm(forms.Form):
    """What someone does about another person."""

    action = forms.ChoiceField(choices=[(name, name) for name in ACTIONS])
