"""How fast one person may write, over whatever transport: sockets, pages and API ask the same bucket."""

from chatsite.realtime.limits import Pace

writing = Pace(per_second=10, at_once=30)
"""Messages, and what is done to them."""
drafting = Pace(per_second=2, at_once=20)
"""Drafts that are kept: a moment after somebody stopped typing."""
searching = Pace(per_second=5, at_once=30)
"""Searches: one asks as one types."""
