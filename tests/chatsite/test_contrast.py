"""Letters stand out from what is behind them at least 4.5 : 1, in both themes; the edges of fields 3 : 1 (WCAG 2.2)."""

from __future__ import annotations

import re
from math import cos, radians, sin

import pytest

from chatsite.templatetags.look import HUES, STATIC

TOKENS = (STATIC / "css" / "tokens.css").read_text()
OKLCH = r"oklch\(([\d.]+) ([\d.]+) (var\(--person-hue\)|[\d.]+)\)"
VALUE = re.compile(rf"--([\w-]+): (?:light-dark\({OKLCH}, {OKLCH}\)|{OKLCH});")
Colour = tuple[float, float, float]

BACKGROUNDS = ("canvas", "surface", "raised", "hover", "selected", "bubble", "bubble-own")
LETTERS = [(letter, behind) for letter in ("ink", "ink-soft", "accent-ink") for behind in BACKGROUNDS]
LETTERS += [("on-accent", "accent"), ("on-accent", "accent-hover"), ("on-accent", "danger"), ("surface", "ink")]
LETTERS += [("danger-ink", behind) for behind in ("canvas", "surface", "raised", "danger-wash")]
LETTERS += [
    (letter, "code") for letter in ("ink", "ink-soft", "code-keyword", "code-string", "code-number", "code-name")
]
EDGES = [("edge", "raised"), ("edge", "surface"), ("accent-ink", "surface"), ("accent-ink", "canvas")]


def tokens(theme: int, hue: str = "0") -> dict[str, Colour]:
    found = {}
    for name, *numbers in VALUE.findall(TOKENS):
        first, second, alone = numbers[0:3], numbers[3:6], numbers[6:9]
        chosen = alone if alone[0] else (first, second)[theme]
        lightness, chroma, angle = (part.replace("var(--person-hue)", hue) for part in chosen)
        found[name] = (float(lightness), float(chroma), float(angle))
    return found


def luminance(colour: Colour) -> float:
    """Relative luminance, 0 to 1, by way of linear sRGB (B. Ottosson, "A perceptual color space", 2020)."""
    lightness, chroma, angle = colour
    a, b = chroma * cos(radians(angle)), chroma * sin(radians(angle))
    x = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    y = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    z = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z
    green = -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z
    blue = -0.0041960863 * x - 0.7034186147 * y + 1.7076147010 * z
    red, green, blue = (min(1.0, max(0.0, part)) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_right() -> None:
    assert contrast((1, 0, 0), (0, 0, 0)) == pytest.approx(21, abs=0.01)
    assert contrast((0.5999, 0, 0), (1, 0, 0)) == pytest.approx(3.95, abs=0.1)  # #808080 on white


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("letter", "behind"), LETTERS)
def test_letters(letter: str, behind: str, theme: int) -> None:
    known = tokens(theme)
    assert contrast(known[letter], known[behind]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "behind"), EDGES)
def test_edges(edge: str, behind: str, theme: int) -> None:
    known = tokens(theme)
    assert contrast(known[edge], known[behind]) >= 3


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_people_of_every_colour(theme: int) -> None:
    hues = re.findall(r"\.hue-\d+ \{ --person-hue: (\d+);", TOKENS)
    assert len(hues) == HUES
    for hue in hues:
        known = tokens(theme, hue)
        assert contrast(known["on-accent"], known["person-fill"]) >= 4.5
        for behind in ("bubble", "bubble-own", "surface"):
            assert contrast(known["person-ink"], known[behind]) >= 4.5, (hue, behind)
