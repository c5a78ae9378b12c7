"""The examples of the documentation, for what only a real Home Assistant can say about them."""

from collections.abc import Mapping
import re
from typing import Any, Final

import yaml

from stage import ROOT

YAML: Final = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DEVICE: Final = "5f1c9a2b7d3e4f60a1b2c3d4e5f60718"
"""What stands in the pages for the id of a device."""


def documented(page: str, ids: Mapping[str, str]) -> list[Any]:
    """Return the examples of a page, with the ids that a reader puts in for those of the page."""
    text = (ROOT / "docs" / f"{page}.md").read_text()
    for theirs, ours in ids.items():
        text = text.replace(theirs, ours)
    return [yaml.safe_load(example) for example in YAML.findall(text)]
