# /// script
# requires-python = ">=3.14"
# dependencies = ["resvg-py==0.5.0"]
# ///
"""Draw the images of `brand/` from the sources beside this file: uv run docs/brand/render.py.

The sources are for light backgrounds; for dark ones each colour has a lighter sister.
"""

from pathlib import Path
from typing import Final

import resvg_py

SOURCES: Final = Path(__file__).parent
IMAGES: Final = SOURCES.parents[1] / "custom_components" / "command_status" / "brand"

HEIGHTS: Final = {"icon": 256, "logo": 128}
"""Pixels; twice as many for `@2x`."""

ON_DARK: Final = {"#123c69": "#a6caee", "#1e88e5": "#56b0ff", "#16b364": "#3ddc91"}


def main() -> None:
    """Draw every image, in both colours and both sizes."""
    IMAGES.mkdir(exist_ok=True)
    for name, height in HEIGHTS.items():
        light = (SOURCES / f"{name}.svg").read_text()
        dark = light
        for colour, sister in ON_DARK.items():
            dark = dark.replace(colour, sister)
        for prefix, drawing in (("", light), ("dark_", dark)):
            for suffix, scale in (("", 1), ("@2x", 2)):
                image = resvg_py.svg_to_bytes(svg_string=drawing, height=scale * height)
                (IMAGES / f"{prefix}{name}{suffix}.png").write_bytes(bytes(image))


main()
