"""A copy of all of one's data, as a zip: asked for, made by the worker, fetched within a week."""

from accounts.services.exports.contents import Contribution, Part, contribute
from accounts.services.exports.making import make
from accounts.services.exports.requests import Ready, current, ready, remove, start, sweep

__all__ = [
    "Contribution",
    "Part",
    "Ready",
    "contribute",
    "current",
    "make",
    "ready",
    "remove",
    "start",
    "sweep",
]
