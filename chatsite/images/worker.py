"""Decodes one picture and makes squares of it, in a process that may be killed and may not grow.

`python -I worker.py FORMAT PIXELS X Y SIDE EDGE…`: the picture comes in on standard input, each square goes out as
four bytes of length and a WebP file. PIXELS: how many there may be. X, Y and SIDE are the square to keep, in pixels of
the picture held upright; SIDE 0: the middle. Nothing of the project can be imported here.
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
    kind, (most, x, y, side, *edges) = arguments[0], map(int, arguments[1:])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_MAX, CPU_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    Image.MAX_IMAGE_PIXELS = most
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        square = _square(io.BytesIO(sys.stdin.buffer.read()), kind, (x, y, side), max(edges))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return TOO_MANY_PIXELS
    except MemoryError:
        return TOO_MUCH_MEMORY
    except Exception as error:  # whatever a decoder stumbles over: what it was is of no use to anyone but us
        print(repr(error), file=sys.stderr)
        return BROKEN
    for edge in edges:
        _write(square.resize((edge, edge), Image.Resampling.LANCZOS))  # of the largest: of the whole it takes seconds
    return 0


def _square(file: io.BytesIO, kind: str, wanted: tuple[int, int, int], edge: int) -> Image.Image:
    with Image.open(file, formats=[kind]) as image:  # of an animation, the first frame
        upright = ImageOps.exif_transpose(image)
        x, y, side = _within(wanted, *upright.size)
        part = upright.crop((x, y, x + side, y + side))
    part = part.convert("RGBA" if part.has_transparency_data else "RGB")
    square = part.resize((edge, edge), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if square.mode == "RGBA":
        square = Image.alpha_composite(Image.new("RGBA", square.size, "white"), square).convert("RGB")
    return square


def _within(wanted: tuple[int, int, int], width: int, height: int) -> tuple[int, int, int]:
    """The rectangle, moved and made smaller so that it lies in the picture."""
    x, y, side = wanted
    if side <= 0:
        side = min(width, height)
        return (width - side) // 2, (height - side) // 2, side
    side = min(side, width, height)
    return min(max(x, 0), width - side), min(max(y, 0), height - side), side


def _write(square: Image.Image) -> None:
    square.info = {}  # no place, no camera, no colour profile
    made = io.BytesIO()
    square.save(made, "WEBP", quality=QUALITY, method=4)
    sys.stdout.buffer.write(struct.pack(">I", made.tell()) + made.getvalue())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
