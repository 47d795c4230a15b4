"""Reads exports of Slack: a zip with users, conversations, and a file of messages for each of their days."""

from chatsite.management.slack.export import Export, Unreadable
from chatsite.management.slack.reading import Reader

__all__ = ["Export", "Reader", "Unreadable"]
