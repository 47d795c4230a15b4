"""What a person may set. Every key is declared once, here: its type, its default, what it may be, where it stands.

Page, API, validation and the database's check constraint follow from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

AUTOMATIC = "auto"


class Declared(NamedTuple):
    """A key of `settings`. `choices` maps each allowed value to its words; none: a switch. `group` is its part of the
    page."""

    group: str
    default: bool | str
    label: Any
    help: Any = ""
    choices: Mapping[str, Any] | None = None

    def problem(self, value: object) -> str | None:
        """What is wrong with a value, in words, or None."""
        if self.choices is None:
            return None if isinstance(value, bool) else _("Must be true or false.")
        if isinstance(value, str) and value in self.choices:
            return None
        if len(self.choices) > SPELLED_OUT:
            return _("This is none of the choices.")
        return _("Must be one of: %(choices)s.") % {"choices": ", ".join(self.choices)}


SPELLED_OUT = 10  # choices that are all named where a value is none of them
GROUPS: dict[str, Any] = {
    "look": gettext_lazy("Appearance and language"),
    "writing": gettext_lazy("Writing"),
    "contact": gettext_lazy("Who reaches you"),
    "privacy": gettext_lazy("What others see of you"),
}
"""The parts of the page, in order."""
CIRCLES = {
    "everyone": gettext_lazy("Everyone"),
    "friends": gettext_lazy("My friends"),
    "nobody": gettext_lazy("Nobody"),
}


def _zones() -> dict[str, Any]:
    """Zones as people know them, by continent and city: not the abbreviations and the offsets."""
    named = sorted(one for one in available_timezones() if "/" in one and not one.startswith(("Etc/", "SystemV/")))
    return {AUTOMATIC: gettext_lazy("As the device has it"), "UTC": "UTC"} | {
        one: one.replace("_", " ") for one in named
    }


DECLARED: dict[str, Declared] = {
    "theme": Declared(
        group="look",
        default="system",
        label=gettext_lazy("Appearance"),
        choices={
            "system": gettext_lazy("As the device has it"),
            "light": gettext_lazy("Light"),
            "dark": gettext_lazy("Dark"),
        },
    ),
    "language": Declared(
        group="look",
        default=AUTOMATIC,
        label=gettext_lazy("Language"),
        choices={AUTOMATIC: gettext_lazy("As the browser asks for it"), **dict(settings.LANGUAGES)},
    ),
    "time_zone": Declared(
        group="look",
        default=AUTOMATIC,
        label=gettext_lazy("Time zone"),
        help=gettext_lazy("Times are shown in the zone of your device. Choose one for where that is not known."),
        choices=_zones(),
    ),
    "link_previews": Declared(
        group="look",
        default=True,
        label=gettext_lazy("Link previews"),
        help=gettext_lazy("Under a message with a link stands what it leads to, where this site asks for it."),
    ),
    "enter_to_send": Declared(
        group="writing",
        default=True,
        label=gettext_lazy("Enter sends a message"),
        help=gettext_lazy("Shift and Enter begins a new line. Switched off, it is the other way round."),
    ),
    "may_message": Declared(
        group="contact",
        default="everyone",
        label=gettext_lazy("Who may write to you first"),
        help=gettext_lazy("Those who are not your friends wait among your message requests until you say yes."),
        choices={
            "everyone": gettext_lazy("Everyone"),
            "known": gettext_lazy("My friends, and people I share a group with"),
            "friends": gettext_lazy("My friends"),
        },
    ),
    "may_add_to_groups": Declared(
        group="contact",
        default="everyone",
        label=gettext_lazy("Who may add you to groups"),
        choices=CIRCLES,
    ),
    "last_seen": Declared(
        group="privacy",
        default="everyone",
        label=gettext_lazy("Who sees whether you are here, and when you were last"),
        help=gettext_lazy("You see it only of those who see it of you."),
        choices={**CIRCLES, "everyone": gettext_lazy("Everyone I talk with")},
    ),
    "typing": Declared(
        group="privacy",
        default=True,
        label=gettext_lazy("Typing"),
        help=gettext_lazy("Others see while you write, and you see it of them. Switched off, neither is shown."),
    ),
    "receipts": Declared(
        group="privacy",
        default=True,
        label=gettext_lazy("Read receipts"),
        help=gettext_lazy(
            "Others see what has reached you and what you have read, and you see it of them. "
            "Switched off, neither is shown."
        ),
    ),
}
"""The settings, in the order of the page."""
SWITCHES = [key for key, declared in DECLARED.items() if declared.choices is None]
CHOICES = [key for key, declared in DECLARED.items() if declared.choices is not None]


def defaults() -> dict[str, Any]:
    """Every key with what holds for someone who never set it."""
    return {key: declared.default for key, declared in DECLARED.items()}
