"""MongoDB: one client per process, collections as data, and the comparison of both with the server."""

from chatsite.mongo.client import answers, client, database, is_outage

__all__ = ["answers", "client", "database", "is_outage"]
