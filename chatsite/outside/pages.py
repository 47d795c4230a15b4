"""What a page says of itself in its head: Open Graph, Twitter's cards, and what HTML always had."""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from typing import NamedTuple
from urllib.parse import urljoin

TITLE_MAX, DESCRIPTION_MAX, SITE_MAX, URL_MAX = 200, 300, 80, 2048  # characters
TAGS_MAX = 400  # that are looked at
HEAD_MAX = 256 * 1024  # bytes of a page; what matters stands at its beginning
_VALUE_MAX = 4096  # characters
_META = rf"""meta\b((?:[^<>"']++|"[^"]{{0,{_VALUE_MAX}}}+"|'[^']{{0,{_VALUE_MAX}}}+')*+)>"""
_TAG = re.compile(rf"<(?:{_META}|title\b[^<>]{{0,512}}>([^<]{{0,2048}}))", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z:_-]{1,32})\s{0,8}=\s{0,8}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_CHARSET = re.compile(rb"""<meta[^>]{0,256}charset\s{0,8}=\s{0,8}["']?([\w-]{1,32})""", re.IGNORECASE)
_CHARSETS = re.compile(
    r"utf-?(8|16)|us-ascii|latin-?1|iso-8859-([1-9]|1[013-6])|(windows-|cp)125[0-8]|shift_jis|euc-(jp|kr)|gbk|gb2312|gb18030|big5|koi8-[ru]",
    re.IGNORECASE,
)
"""Not all that Python has: some take quadratic time."""
_WANTED = {
    "title": ("og:title", "twitter:title"),
    "description": ("og:description", "twitter:description", "description"),
    "site": ("og:site_name", "application-name"),
    "picture": ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"),
}


class Summary(NamedTuple):
    """A page in a few words, each "" where it does not say. `picture` is an address."""

    title: str
    description: str
    site: str
    picture: str


def summary(page: bytes, charset: str, url: str) -> Summary:
    """The summary of the page at `url`, from its first bytes. `charset` is what its server named, "" for none. Takes
    time in proportion to its length, whatever is in it."""
    said: dict[str, str] = {}
    text = page[:HEAD_MAX].decode(_codec(charset, page), errors="replace")
    for place, found in enumerate(_TAG.finditer(text)):
        if place >= TAGS_MAX:
            break
        if found[2] is not None:
            said.setdefault("title", _line(found[2], TITLE_MAX))
        else:
            _note(found[1], said)
    title, description, site, picture = _chosen(said)
    return Summary(title, description, site, _absolute(url, picture))


def _chosen(said: dict[str, str]) -> tuple[str, str, str, str]:
    found = {what: next((said[one] for one in names if said.get(one)), "") for what, names in _WANTED.items()}
    title = _line(found["title"], TITLE_MAX) or said.get("title", "")
    return title, _line(found["description"], DESCRIPTION_MAX), _line(found["site"], SITE_MAX), found["picture"].strip()


def _note(attributes: str, said: dict[str, str]) -> None:
    given = {one[1].lower(): one[2] or one[3] or one[4] or "" for one in _ATTRIBUTE.finditer(attributes)}
    name = (given.get("property") or given.get("name") or "").strip().lower()
    if name and given.get("content"):
        said.setdefault(name, given["content"])


def _line(text: str, most: int) -> str:
    """As one line of visible text, cut where it is too long. What turns the direction of writing goes as well."""
    words = unescape(text[: most * 8])
    shown = "".join(one if unicodedata.category(one)[0] != "C" else " " if one in "\t\n\r" else "" for one in words)
    line = " ".join(shown.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _absolute(url: str, picture: str) -> str:
    try:
        found = urljoin(url, unescape(picture)) if picture else ""
    except ValueError:
        return ""
    return found if found.startswith(("http://", "https://")) and len(found) <= URL_MAX else ""


def _codec(charset: str, page: bytes) -> str:
    named = _CHARSET.search(page, 0, _VALUE_MAX)
    told = (charset, named[1].decode("ascii", "replace") if named else "")
    return next((one for one in told if _CHARSETS.fullmatch(one)), "utf-8")
