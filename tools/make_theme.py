"""Write the colours of our theme: `python tools/make_theme.py write`, or `check` that the file is what this makes.

The example tokens of the NL Design System take every colour from eight steps a hue (50 ... 700) and white. We give
those steps our own colours, in a light and a dark scheme, from a lightness per step and a hue and chroma per family,
in OKLCH (Ottosson 2020, "A perceptual color space for image processing"). Equal lightness makes the contrast of a
pair the same in every family, so the pairs that the tokens use are checked here once: text 4.5 to 1, borders 3 to 1
(WCAG 2.2, 1.4.3 and 1.4.11).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src" / "seinpost" / "web" / "static" / "seinpost" / "theme.css"
STEPS = (50, 100, 200, 300, 400, 500, 600, 700)


@dataclass(frozen=True, slots=True)
class Scheme:
    """Lightness of white and of each step, 0-1, and how much of a family's chroma each step keeps."""

    white: float
    lightness: tuple[float, ...]
    chroma: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """One hue, in degrees, with its greatest chroma."""

    name: str
    hue: float
    chroma: float


LIGHT = Scheme(1.0, (0.985, 0.966, 0.925, 0.835, 0.535, 0.45, 0.365, 0.245), (0.1, 0.2, 0.4, 0.75, 1, 1, 0.85, 0.55))
DARK = Scheme(0.185, (0.215, 0.25, 0.305, 0.45, 0.725, 0.8, 0.885, 0.955), (0.3, 0.4, 0.5, 0.65, 0.8, 0.7, 0.4, 0.15))
FAMILIES = (
    Family("grijs", 250, 0.022),
    Family("violet", 236, 0.105),  # what one can act on
    Family("blauw", 262, 0.12),
    Family("groen", 155, 0.11),
    Family("geel", 95, 0.19),
    Family("oranje", 55, 0.13),
    Family("rood", 24, 0.17),
)
PAIRS = (  # text or border on background, as the tokens pair them; 0 is white
    *((text, back, 4.5) for text in (500, 600, 700) for back in (0, 50, 100, 200)),
    *((400, back, 4.5) for back in (0, 50)),
    *((0, back, 4.5) for back in (500, 600, 700)),
    *((400, back, 3.0) for back in (100, 200)),
)


def linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """Linear sRGB of an OKLCH colour; outside 0-1 when sRGB has no such colour."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def colour(lightness: float, chroma: float, hue: float) -> str:
    """The nearest sRGB colour of the same lightness and hue, as #rrggbb."""
    while chroma > 0 and any(not 0 <= channel <= 1 for channel in linear(lightness, chroma, hue)):
        chroma = max(0.0, chroma - 0.001)
    return "#" + "".join(f"{round(255 * gamma(channel)):02x}" for channel in linear(lightness, chroma, hue))


def gamma(channel: float) -> float:
    """Encode one linear channel as sRGB does."""
    channel = min(1.0, max(0.0, channel))
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def luminance(code: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    channels = [int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1-21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def palette(scheme: Scheme, family: Family) -> dict[int, str]:
    """The colours of one family; step 0 is white."""
    steps = zip(STEPS, scheme.lightness, scheme.chroma, strict=True)
    colours = {step: colour(lightness, part * family.chroma, family.hue) for step, lightness, part in steps}
    return {0: colour(scheme.white, 0.012 if scheme.white < 0.5 else 0, 250), **colours}


def faults() -> Iterator[str]:
    """Pairs whose contrast is too low."""
    for name, scheme in (("light", LIGHT), ("dark", DARK)):
        for family in FAMILIES:
            colours = palette(scheme, family)
            for text, back, least in PAIRS:
                ratio = contrast(colours[text], colours[back])
                if ratio < least:
                    yield f"{name} {family.name} {text} on {back}: {ratio:.2f}, at least {least}"


def declarations(scheme: Scheme, indent: str) -> Iterator[str]:
    """The declarations of one scheme."""
    yield f"{indent}--voorbeeld-kleuren-wit: {palette(scheme, FAMILIES[0])[0]};"
    for family in FAMILIES:
        for step, code in palette(scheme, family).items():
            if step:
                yield f"{indent}--voorbeeld-kleuren-{family.name}-{step}: {code};"


def stylesheet() -> str:
    """The whole file: light, dark when the system asks for it, and dark or light when the person chose it."""
    light, dark = "\n".join(declarations(LIGHT, "  ")), "\n".join(declarations(DARK, "  "))
    inner = "\n".join(declarations(DARK, "    "))
    return (
        "/* Written by tools/make_theme.py: change that. */\n"
        f".seinpost-theme {{\n  color-scheme: light;\n{light}\n}}\n\n"
        "@media screen and (prefers-color-scheme: dark) {\n"
        f'  .seinpost-theme:not([data-scheme="light"]) {{\n    color-scheme: dark;\n{inner}\n  }}\n}}\n\n'
        f'@media screen {{\n.seinpost-theme[data-scheme="dark"] {{\n  color-scheme: dark;\n{dark}\n}}\n}}\n'
    )


def main(task: str) -> int:
    """Write or check; 1 when something is wrong."""
    wrong = list(faults())
    if task == "write":
        TARGET.write_text(stylesheet())
    elif TARGET.read_text() != stylesheet():
        wrong.append("theme.css is not what tools/make_theme.py writes")
    for fault in wrong:
        print(fault, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
