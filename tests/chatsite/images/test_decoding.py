"""What becomes of pictures from outside."""

from __future__ import annotations

import io
import time

import psutil
import pytest
from PIL import Image

from chatsite import images
from chatsite.errors import ChatError, Invalid, TooLarge, Unavailable, Unsupported
from chatsite.images import Crop, decoding
from tests import pictures

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def colour(webp: bytes, at: tuple[float, float] = (0.5, 0.5)) -> tuple[int, ...]:
    """Of the pixel there (0 to 1 of each edge), rounded to what WebP keeps."""
    image = Image.open(io.BytesIO(webp)).convert("RGB")
    found = image.getpixel((int(at[0] * (image.width - 1)), int(at[1] * (image.height - 1))))
    return tuple(round(one / 255) * 255 for one in found)


@pytest.mark.parametrize("kind", images.MEDIA_TYPES.values())
def test_each_kind_becomes_webp_in_three_sizes(kind: str) -> None:
    made = images.squares(pictures.picture(kind, 300, 200))
    for size, square in made.items():
        image = Image.open(io.BytesIO(square))
        assert (image.format, image.size) == ("WEBP", (size, size))
        assert colour(square) == RED
    assert tuple(made) == images.SIZES


@pytest.mark.parametrize(
    ("crop", "left", "right"),
    [
        (decoding.MIDDLE, RED, BLUE),
        (Crop(0, 0, 100), RED, RED),
        (Crop(100, 0, 100), BLUE, BLUE),
        (Crop(10_000, 10_000, 50), BLUE, BLUE),
        (Crop(0, 0, 10_000), RED, RED),
    ],
)
def test_the_square_is_what_was_chosen_as_far_as_it_lies_in_the_picture(
    crop: Crop, left: tuple[int, ...], right: tuple[int, ...]
) -> None:
    made = images.squares(pictures.saved(pictures.halves()), crop)
    assert (colour(made[48], (0.1, 0.5)), colour(made[48], (0.9, 0.5))) == (left, right)


def test_the_orientation_is_honoured_and_nothing_else_of_the_metadata_is_kept() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # held with the left edge up
    exif[0x010F] = "a camera that tells"
    made = images.squares(
        pictures.saved(pictures.halves(), "JPEG", exif=exif, icc_profile=b"tells" * 99), Crop(0, 0, 0)
    )
    assert (colour(made[512], (0.5, 0.1)), colour(made[512], (0.5, 0.9))) == (RED, BLUE)
    for square in made.values():
        assert b"tells" not in square and b"EXIF" not in square and b"ICCP" not in square


def test_of_an_animation_the_first_frame_is_taken() -> None:
    frames = [Image.new("RGB", (50, 50), name) for name in ("red", "blue")]
    animated = pictures.saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    made = images.squares(animated)[512]
    assert colour(made) == RED and not getattr(Image.open(io.BytesIO(made)), "is_animated", False)


def test_what_shines_through_becomes_white() -> None:
    assert colour(images.squares(pictures.saved(Image.new("RGBA", (9, 9), (0, 0, 0, 0))))[48]) == WHITE


@pytest.mark.parametrize("name", pictures.polyglots())
def test_of_a_file_that_is_also_a_page_the_picture_is_left(name: str) -> None:
    for square in images.squares(pictures.polyglots()[name]).values():
        assert b"script" not in square and b"PK\x03\x04" not in square


REFUSED: list[tuple[str, bytes, type[ChatError], str]] = [
    ("empty", b"", Invalid, "empty"),
    ("svg", pictures.SVG, Unsupported, "not a picture"),
    ("page", pictures.SCRIPT, Unsupported, "not a picture"),
    ("nothing known", b"\x01\x02\x03", Unsupported, "not a picture"),
    ("bitmap", pictures.picture("BMP"), Unsupported, "not a picture"),
    ("cut off", pictures.picture("PNG", 500, 500)[:200], Invalid, "broken or cut off"),
    ("cut off jpeg", pictures.picture("JPEG", 500, 500)[:-900], Invalid, "broken or cut off"),
    ("only a beginning", b"\x89PNG\r\n\x1a\n", Invalid, "broken or cut off"),
    ("says large, is nothing", pictures.lying_header(6000, 6000), Invalid, "broken or cut off"),
    ("13,000 × 13,000", pictures.bomb(13_000), TooLarge, "40 million pixels"),
    ("50,000 × 50,000", pictures.lying_header(50_000, 50_000), TooLarge, "40 million pixels"),
    ("8 MiB and a byte", b"\x89PNG\r\n\x1a\n" + bytes(images.BYTES_MAX), TooLarge, "8 MB"),
]


@pytest.mark.parametrize(("name", "data", "error", "words"), REFUSED, ids=[one[0] for one in REFUSED])
def test_what_is_refused_and_how(name: str, data: bytes, error: type[ChatError], words: str) -> None:
    with pytest.raises(error, match=words) as refused:
        images.squares(data)
    assert type(refused.value) is error


def test_this_process_does_not_grow_by_what_a_bomb_takes() -> None:
    """4,000 × 4,000 is decoded; in colour that is 64 MB. None of it is taken here."""
    me = psutil.Process()
    before = me.memory_info().rss
    images.squares(pictures.bomb(4000))
    assert me.memory_info().rss - before < 20 * 1024**2


def test_the_worker_may_not_grow_beyond_its_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the limit on pixels, the limit on memory is what holds: 20,000 × 20,000 in colour would take 1.2 GB."""
    monkeypatch.setattr(decoding, "PIXELS_MAX", 10**9)
    with pytest.raises(TooLarge, match="takes too long"):
        images.squares(pictures.bomb(20_000))


def test_a_worker_that_takes_too_long_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "SECONDS_MAX", 0.2)
    monkeypatch.setattr(decoding, "PIXELS_MAX", 10**8)
    started = time.monotonic()
    with pytest.raises(TooLarge, match="takes too long"):
        images.squares(pictures.bomb(9000))
    assert time.monotonic() - started < 5
    assert not [child for child in psutil.Process().children() if "worker.py" in " ".join(child.cmdline())]


def test_one_picture_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "SECONDS_MAX", 0.05)
    with decoding._turn, pytest.raises(Unavailable) as refused:
        images.squares(pictures.picture())
    assert refused.value.retry_after == decoding.AGAIN
