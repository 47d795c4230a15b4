"""What a browser would make of a text: its words, and every element with its attributes."""

from __future__ import annotations

from html.parser import HTMLParser

from messaging import markup


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _attributes in self.found]


def html(content: str) -> str:
    """With mentions as they were typed."""
    parts = markup.render(content).parts
    return "".join(f"@{part}" if place % 2 else part for place, part in enumerate(parts))


def read(content: str) -> Reader:
    reader = Reader()
    reader.feed(html(content))
    reader.close()
    return reader
