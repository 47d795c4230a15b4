"""A stored file as an answer: all of it, or the part that was asked for (RFC 9110, 14)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO, Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

BLOCK = 128 * 1024  # bytes in memory at a time
ASKED = re.compile(r"bytes=(\d*)-(\d*)")

Open = Callable[[], IO[Any]]


def answer(request: HttpRequest, open_file: Open, size: int, etag: str) -> HttpResponseBase:
    """The file of `size` bytes that `open_file` opens. The caller sets type and disposition. Several ranges at once are
    answered with the whole, as is one of a file that has changed since (`If-Range`)."""
    first, last = 0, size - 1
    asked = ASKED.fullmatch(request.headers.get("Range", "").strip())
    partial = asked is not None and request.headers.get("If-Range", etag) == etag
    if partial and asked:
        first, last = _span(asked[1], asked[2], size)
        if first > last:
            return _unsatisfiable(size)
    response: HttpResponseBase = HttpResponse() if request.method == "HEAD" else _stream(open_file, first, last)
    response["Content-Length"] = str(last - first + 1)
    if partial:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    return response


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    """The first and the last byte; the first beyond the last where there is nothing to send."""
    if not first:
        return (max(size - int(last), 0), size - 1) if last and int(last) else (size, size - 1)
    return int(first), min(int(last), size - 1) if last else size - 1


def _unsatisfiable(size: int) -> HttpResponse:
    return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})


def _stream(open_file: Open, first: int, last: int) -> StreamingHttpResponse:
    file = open_file()  # now: a file that is gone is no answer that breaks off
    return StreamingHttpResponse(_blocks(file, first, last - first + 1))


def _blocks(file: IO[Any], first: int, left: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while left > 0 and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            yield block
