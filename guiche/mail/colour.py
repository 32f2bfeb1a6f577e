"""The installation's hue as mail programs understand colour: pure arithmetic."""

import math

LIGHTNESS = 0.455  # of --brand in a light page: white text on it keeps its contrast on any hue


def brand_hex(hue: float, chroma: float, lightness: float = LIGHTNESS) -> str:
    """Return oklch(lightness chroma hue) as "#0a6565", each channel cut to what a screen can show.

    Source of the matrices: B. Ottosson, "A perceptual color space for image processing", 2020.
    """
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{_encoded(channel):02x}" for channel in linear)


def _encoded(linear: float) -> int:
    """Return a channel from 0 to 255 with the transfer curve of sRGB."""
    light = min(max(linear, 0.0), 1.0)
    curved = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return round(curved * 255)
