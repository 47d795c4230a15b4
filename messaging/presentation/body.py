"""What a message says, as HTML."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

from messaging import markup


def body(content: str) -> SafeString:
    """The text of a message as safe HTML."""
    parts = markup.render(content).parts
    if len(parts) == 1:
        return mark_safe(parts[0])  # noqa: S308  nh3 let it through, or it is escaped
    drawn = (f"@{part}" if place % 2 else part for place, part in enumerate(parts))
    return mark_safe("".join(drawn))  # noqa: S308  as above; a name has letters, digits, dots and hyphens only
