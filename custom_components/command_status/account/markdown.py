"""A foreign text in a text of ours, which Home Assistant may show as markdown, comes to no life.

Titles show the same words as they are, so nothing may be added that could be seen there.
"""

import re
from typing import Final

UNSEEN: Final = "\u2060"
"""Has no width, joins two words, and is nothing to markdown."""

OPENINGS: Final = re.compile(r"[\]<&]|:(?=/)|www(?=\.)|@", re.IGNORECASE)
"""Without what follows them directly, there is no link, no image, no HTML and no address."""


def as_text(text: str) -> str:
    """Return a text that looks the same in markdown, and is neither link nor image there."""
    return OPENINGS.sub(rf"\g<0>{UNSEEN}", " ".join(text.split()))
