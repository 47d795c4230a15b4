import pytest

from chatsite.management.bench import frames
from chatsite.management.bench.frames import CLOSE, PING, TEXT, ProtocolError, Reader


def unmasked(data: bytes, start: int) -> bytes:
    """The payload of a masked frame whose mask begins at `start`, the slow way of RFC 6455, section 5.3."""
    mask, masked = data[start : start + 4], data[start + 4 :]
    return bytes(byte ^ mask[place % 4] for place, byte in enumerate(masked))


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (0, b"\x81\x80"),
        (125, b"\x81\xfd"),
        (126, b"\x81\xfe\x00\x7e"),
        (65535, b"\x81\xfe\xff\xff"),
        (65536, b"\x81\xff\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_a_clients_frame_is_masked_and_says_its_length(size: int, head: bytes) -> None:
    payload = bytes(range(256)) * 300
    data = frames.frame(payload[:size])
    assert data.startswith(head)
    assert unmasked(data, len(head)) == payload[:size]


def test_two_frames_differ_in_their_mask() -> None:
    assert len({frames.frame(b"again")[2:6] for _ in range(20)}) > 1


def test_a_reader_puts_frames_together_from_any_pieces() -> None:
    long = b"x" * 70_000
    data = b"\x81\x02hi" + b"\x81\x7e\x00\xc8" + b"y" * 200 + b"\x81\x7f" + len(long).to_bytes(8, "big") + long
    data += b"\x89\x00" + b"\x88\x02\x03\xe8"
    wanted = [(TEXT, b"hi"), (TEXT, b"y" * 200), (TEXT, long), (PING, b""), (CLOSE, b"\x03\xe8")]
    for step in (1, 3, 997, len(data)):
        reader = Reader()
        pieces = [data[start : start + step] for start in range(0, len(data), step)]
        assert [found for piece in pieces for found in reader.feed(piece)] == wanted


@pytest.mark.parametrize("head", [b"\x01\x00", b"\xc1\x00", b"\x81\x80"])
def test_fragments_extensions_and_masked_frames_are_not_understood(head: bytes) -> None:
    with pytest.raises(ProtocolError):
        Reader().feed(head)


def test_the_handshake_of_the_rfc_is_accepted() -> None:
    answer = b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    frames.check_answer(answer, b"dGhlIHNhbXBsZSBub25jZQ==")
    with pytest.raises(ProtocolError):
        frames.check_answer(answer, frames.new_key())
    with pytest.raises(ProtocolError, match="403"):
        frames.check_answer(b"HTTP/1.1 403 Forbidden\r\n", b"dGhlIHNhbXBsZSBub25jZQ==")
