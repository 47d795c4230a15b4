"""What one can do from anywhere, as the palette offers it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from django.urls import reverse
from django.utils.translation import gettext as _

AT_FIRST = 6  # actions shown before anything was typed


class Action(msgspec.Struct, frozen=True):
    """Something to do: `href` is where it leads, `form` the palette's form that it sends, `theme` what it chooses."""

    label: str
    icon: str
    href: str = ""
    form: str = ""
    theme: str = ""


def actions(text: str, *, staff: bool) -> list[Action]:
    """Those with a word that begins with each word of `text`; for an empty one the first few."""
    wanted = text.casefold().split()
    found = [one for one in _all(staff=staff) if _named(one.label, wanted)]
    return found if wanted else found[:AT_FIRST]


def _named(label: str, wanted: list[str]) -> bool:
    words = label.casefold().split()
    return all(any(word.startswith(start) for word in words) for start in wanted)


def _all(*, staff: bool) -> Iterator[Action]:
    yield Action(_("New conversation"), "compose", reverse("conversation-new"))
    yield Action(_("New group"), "people", reverse("conversation-new"))
    yield Action(_("Mark all as read"), "check", form="palette-read-all")
    yield Action(_("Search messages"), "find", reverse("search"))
    yield Action(_("Settings"), "settings", reverse("settings"))
    yield Action(_("Keyboard shortcuts"), "keyboard", reverse("shortcuts"))
    yield Action(_("Message requests"), "mail", reverse("requests"))
    yield Action(_("Rooms"), "people", reverse("rooms"))
    yield Action(_("Saved messages"), "star", reverse("saved"))
    yield Action(_("Scheduled messages"), "clock", reverse("scheduled"))
    yield Action(_("Saved messages"), "star", reverse("saved"))
    yield Action(_("Scheduled messages"), "clock", reverse("scheduled"))
    yield Action(_("People"), "person-add", reverse("people"))
    yield Action(_("Profile"), "person", reverse("profile"))
    yield Action(_("Security"), "shield", reverse("security"))
    yield Action(_("Browsers and apps"), "device", reverse("sessions"))
    yield Action(_("Your data"), "file", reverse("data"))
    yield Action(_("Appearance: light"), "sun", theme="light")
    yield Action(_("Appearance: dark"), "moon", theme="dark")
    yield Action(_("Appearance: as the device has it"), "device", theme="system")
    if staff:
        yield Action(_("Administration"), "shield", reverse("admin:index"))
    yield Action(_("Log out"), "log-out", form="palette-log-out")
