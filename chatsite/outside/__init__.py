"""What we ask of the Internet because of what people write, and nothing of the network that we are in (SECURITY.md 5).

An address in a message is a request that anybody can make us send. So a host is resolved once, each of its addresses
must be one of the public Internet, and the connection goes to an address that was looked at, not to the name. A
redirect begins all over.
"""

from chatsite.outside.fetching import Fetched, Refused, fetch
from chatsite.outside.lines import INTERNET, Line
from chatsite.outside.pages import Summary, summary

__all__ = ["INTERNET", "Fetched", "Line", "Refused", "Summary", "fetch", "summary"]
