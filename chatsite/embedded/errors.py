"""What can go wrong around the servers, said in one line with its remedy."""

from __future__ import annotations


class StackError(Exception):
    """Printed as it is, without a traceback: one line that says what is wrong and what to do."""
