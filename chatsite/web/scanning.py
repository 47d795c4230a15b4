"""A virus scanner that looks at every file, where there is one: clamd, by its INSTREAM command."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from typing import IO, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from chatsite.errors import Blocked, TooLarge, Unavailable

BLOCK = 64 * 1024  # bytes
PATIENCE = 60.0  # seconds between two signs of life
ANSWER_MAX = 4096  # bytes
PORT = 3310


def check(file: IO[Any]) -> None:
    """Has the scanner look at a whole file, from its beginning: nothing passes unseen. Raises Blocked for what it
    finds, TooLarge for more than it takes, and Unavailable where it does not answer."""
    if not settings.CLAMD:
        return
    file.seek(0)
    try:
        answer = _asked(file)
    except OSError as error:
        raise Unavailable(_("Files cannot be checked right now. It is tried again."), retry_after=5) from error
    if answer.endswith("FOUND"):
        raise Blocked(_("The virus scanner does not let this file through."))
    if "size limit exceeded" in answer:
        raise TooLarge(_("This file is larger than the virus scanner takes."))
    if not answer.endswith("OK"):
        raise Unavailable(_("Files cannot be checked right now. It is tried again."), retry_after=5)


def _asked(file: IO[Any]) -> str:
    with _line() as line:
        with suppress(BrokenPipeError, ConnectionResetError):  # it takes no more, and says why
            line.sendall(b"zINSTREAM\0")
            while block := file.read(BLOCK):
                line.sendall(struct.pack(">I", len(block)) + block)
            line.sendall(struct.pack(">I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < ANSWER_MAX and (more := line.recv(ANSWER_MAX)):
            answer += more
    return answer.rstrip(b"\0\n").decode(errors="replace")


def _line() -> socket.socket:
    """To `unix:///path` or `tcp://host:port`."""
    where = urlsplit(settings.CLAMD)
    if where.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(PATIENCE)
        line.connect(where.path)
        return line
    return socket.create_connection((where.hostname or "localhost", where.port or PORT), PATIENCE)
