"""Decodes one picture and makes smaller ones of it, in a process that may be killed and may not grow.

The picture comes in on standard input, each one made of it goes out as four bytes of length and a WebP file. PIXELS:
how many there may be. Nothing of the project can be imported here.

`python -I worker.py square FORMAT PIXELS X Y SIDE EDGE…` makes squares. X, Y and SIDE are the one to keep, in pixels of
the picture held upright; SIDE 0: the middle.

`python -I worker.py whole FORMAT PIXELS EDGE…` makes whole ones, of which no side is longer than EDGE nor than it was;
before them goes out a part with two numbers of four bytes: width and height of the picture held upright.
"""

from __future__ import annotations

import io
import resource
import struct
import sys
import warnings

from PIL import Image, ImageOps

MEMORY_MAX = 1 << 30  # bytes of address space
CPU_MAX = 10  # seconds; whoever started us also looks at the clock
QUALITY = 85  # of WebP, 0 to 100
TOO_MANY_PIXELS, BROKEN, TOO_MUCH_MEMORY = 2, 3, 4  # exit status; decoding.py knows what to say


def main(arguments: list[str]) -> int:
    shape, kind, (most, *numbers) = *arguments[:2], map(int, arguments[2:])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_MAX, CPU_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    Image.MAX_IMAGE_PIXELS = most
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=[kind]) as image:  # the first frame
            (_squares if shape == "square" else _wholes)(ImageOps.exif_transpose(image), *numbers)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return TOO_MANY_PIXELS
    except MemoryError:
        return TOO_MUCH_MEMORY
    except Exception as error:  # whatever a decoder stumbles over: what it was is of no use to anyone but us
        print(repr(error), file=sys.stderr)
        return BROKEN
    return 0


def _squares(upright: Image.Image, x: int, y: int, side: int, *edges: int) -> None:
    x, y, side = _within((x, y, side), *upright.size)
    square = _shrunk(upright.crop((x, y, x + side, y + side)), (max(edges), max(edges)))
    if square.mode == "RGBA":
        square = Image.alpha_composite(Image.new("RGBA", square.size, "white"), square).convert("RGB")
    for edge in edges:
        _write(square.resize((edge, edge), Image.Resampling.LANCZOS))  # of the largest: of the whole it takes seconds


def _wholes(upright: Image.Image, *edges: int) -> None:
    width, height = upright.size
    _send(struct.pack(">II", width, height))
    part = upright
    for edge in sorted(edges, reverse=True):
        scale = min(1.0, edge / max(width, height))
        part = _shrunk(part, (max(1, round(width * scale)), max(1, round(height * scale))))
        _write(part)


def _shrunk(part: Image.Image, size: tuple[int, int]) -> Image.Image:
    part = part.convert("RGBA" if part.has_transparency_data else "RGB")
    return part.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _within(wanted: tuple[int, int, int], width: int, height: int) -> tuple[int, int, int]:
    """The rectangle, moved and made smaller so that it lies in the picture."""
    x, y, side = wanted
    if side <= 0:
        side = min(width, height)
        return (width - side) // 2, (height - side) // 2, side
    side = min(side, width, height)
    return min(max(x, 0), width - side), min(max(y, 0), height - side), side


def _write(picture: Image.Image) -> None:
    picture.info = {}  # no place, no camera, no colour profile
    made = io.BytesIO()
    picture.save(made, "WEBP", quality=QUALITY, method=4)
    _send(made.getvalue())


def _send(part: bytes) -> None:
    sys.stdout.buffer.write(struct.pack(">I", len(part)) + part)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
