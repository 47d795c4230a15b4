"""What every page is drawn with: icons, pictures of people, the style sheets and the map of scripts."""

from __future__ import annotations

import json
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

from django import template
from django.conf import settings
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chatsite.images import SIZES
from chatsite.web.scripts import loaded
from chatsite.web.styles import styles_version
from chatsite.web.words import catalogue_version

register = template.Library()

STATIC = Path(__file__).resolve().parent.parent / "static"
HUES = 12  # .hue-0 … .hue-11 in tokens.css
EDGES = {"tiny": "20px", "small": "32px", "": "40px", "large": "88px"}  # of an avatar, as avatars.css draws it
FACES_KEPT = 4096  # drawn avatars remembered per process


class Face(Protocol):
    """Whatever has a picture, or letters and a colour instead of one: a person's card, a group."""

    @property
    def id(self) -> str: ...
    @property
    def display_name(self) -> str: ...
    @property
    def avatar_url(self) -> str | None: ...


@register.simple_tag
@lru_cache
def icon(name: str) -> SafeString:
    """The drawing `static/icons/NAME.svg`, inline and hidden from screen readers: the words stand beside it."""
    turns = " icon-turns" if name in ("back", "forward", "log-out", "pass-on", "reply") else ""
    drawing = (STATIC / "icons" / f"{name}.svg").read_text().strip()
    head = f'<svg class="icon icon-{name}{turns}" aria-hidden="true" '
    return mark_safe(drawing.replace('<svg xmlns="http://www.w3.org/2000/svg" ', head, 1))  # noqa: S308  our own files


@register.filter
def hue(key: str) -> str:
    """The colour class of a person or group: always the same for the same id."""
    return f"hue-{crc32(key.encode(errors='replace')) % HUES}"


@register.simple_tag
def avatar(face: Face, size: str = "", *, group: bool = False, presence: str = "") -> SafeString:
    """A picture over letters on the colour of the id, or the letters alone.

    `size` is "", "tiny", "small" or "large"; `presence` is "online" or "offline" and adds the dot.
    """
    return _avatar(face.id, face.display_name, face.avatar_url or "", size, group, presence, get_language())


@lru_cache(maxsize=FACES_KEPT)
def _avatar(key: str, name: str, url: str, size: str, group: bool, presence: str, _language: str | None) -> SafeString:
    classes = f"avatar {hue(key)}" + (f" avatar-{size}" if size else "") + (" avatar-group" if group else "")
    inner = format_html("{}{}", initials(name), _picture(url, size)) if url else initials(name)
    dot = ""
    if presence:
        words = _("Online") if presence == "online" else ""
        mark = '<span class="presence" data-user-id="{}" data-state="{}" title="{}"></span>'
        dot = format_html(mark, key, presence, words)
    return format_html('<span class="{}" aria-hidden="true">{}{}</span>', classes, inner, dot)


def _picture(url: str, size: str) -> SafeString:
    """The picture, in the sizes there are, over the letters: they show until it is there, and where it may not be."""
    folder, _slash, _file = url.rpartition("/")
    sources = ", ".join(f"{folder}/{edge}.webp {edge}w" for edge in SIZES)
    picture = '<img src="{}" srcset="{}" sizes="{}" alt="" loading="lazy" decoding="async">'
    return format_html(picture, url, sources, EDGES[size])


def initials(name: str) -> str:
    """One or two letters that stand for a name: of its first and its last word. "?" when it has no letter at all."""
    firsts = [next((c for c in word if unicodedata.category(c)[0] in "LN"), "") for word in name.split()[:8]]
    found = [c for c in firsts if c]
    return "".join([found[0], found[-1]][: len(found)]).upper() if found else "?"


@register.simple_tag
def stylesheets() -> SafeString:
    """The link to all style sheets as one; to each of them while one works on them, tokens first, since it names the
    layers."""
    addresses = [static(path) for path in files("css")] if settings.DEBUG else [styles_address()]
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((one,) for one in addresses))


def styles_address() -> str:
    """Where all style sheets are as one."""
    return reverse("styles", args=[styles_version()])


@register.simple_tag(takes_context=True)
def importmap(context: Context) -> SafeString:
    """The import map: "chat/a/b.js" for each `static/js/a/b.js`, and the hints to fetch at once what a page begins
    with."""
    scripts = {f"chat/{path.removeprefix('js/')}": static(path) for path in files("js")}
    table = json.dumps({"imports": scripts}).replace("<", "\\u003c")
    early = ((static(f"js/{path}"),) for path in loaded())
    hints = format_html_join("\n", '<link rel="modulepreload" href="{}" fetchpriority="low">', early)
    nonce = str(context.get("CSP_NONCE", ""))
    script = format_html('<script type="importmap" nonce="{}">{}</script>', nonce, mark_safe(table))  # noqa: S308
    return script + hints


def files(folder: str) -> list[str]:
    """The style sheets ("css") or scripts ("js") that pages use, as `static` names them."""
    return _list(folder) if settings.DEBUG else _listed(folder)


def _list(folder: str) -> list[str]:
    found = sorted((STATIC / folder).rglob(f"*.{folder}"), key=lambda file: (file.name != "tokens.css", file))
    return [file.relative_to(STATIC).as_posix() for file in found]


_listed = lru_cache(_list)


@register.simple_tag
def words() -> SafeString:
    """The script with the words of the others, in the language of the page; none for English, which they have."""
    language = get_language()
    if language == settings.LANGUAGE_CODE or not language:
        return mark_safe("")
    address = reverse("words", args=[language, catalogue_version(language)])
    return format_html('<script defer src="{}"></script>', address)


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """What the reader chose: "light", "dark" or "system". Their setting; before they sign in, the cookie it left."""
    request: Any = context.get("request")
    my: Any = context.get("my")
    chosen = my["theme"] if my else request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in ("light", "dark") else "system"
