"""What the pages load of the scripts, counted without a browser: it can only grow where somebody says so here."""

from __future__ import annotations

import re

import brotli

from chatsite.web.scripts import JS, loaded

MOST = 61_000  # bytes, packed as whitenoise packs them
NAMED = re.compile(r'"(?:chat/)?((?:lib|elements|realtime|thinking)/[^"$]+)"')


def test_a_page_begins_with_few_scripts() -> None:
    sizes = {module: len(brotli.compress((JS / module).read_bytes())) for module in loaded()}
    assert sizes.keys() >= {"app.js", "elements/chat-conversation.js", "elements/chat-composer.js", "realtime/live.js"}
    assert sum(sizes.values()) <= MOST, sorted(sizes.items(), key=lambda each: -each[1])


def test_what_is_fetched_later_is_there() -> None:
    named = {name for file in JS.rglob("*.js") for name in NAMED.findall(file.read_text())}
    later = named - set(loaded())
    assert later >= {"lib/palette.js", "lib/message-menu.js", "elements/chat-thread.js"}
    assert [name for name in named if not (JS / name).is_file()] == []


def test_what_an_element_is_made_of_lies_under_the_name_of_its_tag() -> None:
    for file in (JS / "elements").glob("*.js"):
        assert f'customElements.define("{file.stem}"' in file.read_text()
