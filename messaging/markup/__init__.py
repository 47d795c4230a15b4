"""Turns what someone wrote, in Markdown, into HTML that cannot do harm, and into words without marks.

Nothing in here knows of people: who is meant by `@name` is told by whoever draws (`Rendered.parts`).
"""

from messaging.markup.addresses import host
from messaging.markup.code import LANGUAGES
from messaging.markup.links import links
from messaging.markup.previews import preview
from messaging.markup.rendering import DEED, Rendered, deed, names, plain, render

__all__ = ["DEED", "LANGUAGES", "Rendered", "deed", "host", "links", "names", "plain", "preview", "render"]
