"""Files that describe APIs: those that are shipped, and a user's own.

A stranger may have written such a file, so it is read as plain data and nothing else: no tags, no
more values than anybody writes however its aliases multiply them, no file outside its folder.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
import re
from stat import S_ISREG
from typing import Any, ClassVar, Final

import yaml

SHIPPED: Final = Path(__file__).parents[1] / "providers" / "rest" / "descriptions"
SUFFIX: Final = ".yaml"
MAX_SIZE: Final = 256 * 1024
"""Bytes of a file."""
MAX_VALUES: Final = 20_000
"""Values of a file, those behind aliases counted each time."""
MAX_DEPTH: Final = 50
MAX_FILES: Final = 200
"""Files of a user's own."""

type Place = tuple[str | int, ...]

SCALARS: Final[Mapping[str, re.Pattern[str]]] = {
    "tag:yaml.org,2002:bool": re.compile(r"true|false"),
    "tag:yaml.org,2002:int": re.compile(r"-?(0|[1-9][0-9]{0,17})"),
    "tag:yaml.org,2002:float": re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}"),
    "tag:yaml.org,2002:null": re.compile(r"null|~|"),
}
"""What a word without quotes is, as in YAML 1.2: `on` and `no` are texts, which APIs use."""


class FileError(Exception):
    """Raised for a file that cannot be used; says where and why."""

    def __init__(self, reason: str, line: int = 1) -> None:
        """Keep a word for what is wrong, and the line."""
        super().__init__(f"line {line}: {reason}")
        self.reason = reason
        self.line = line


@dataclass(frozen=True, kw_only=True, slots=True)
class DescriptionFile:
    """A file, as plain data with the lines that its values stand in."""

    key: str
    own: bool
    """Whether it is the user's, and not shipped."""
    plain: Any = None
    lines: Mapping[Place, int] = field(default_factory=dict)
    error: FileError | None = None
    """Why it could not be read."""

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"{self.key}{SUFFIX}"

    def line_of(self, place: Place) -> int:
        """Return the line of a value, or of what is around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_files(own: Path) -> list[DescriptionFile]:
    """Return all files: those that are shipped, and those of the user's folder. Blocks."""
    return [*_shipped(SHIPPED), *(_read(path, own=True) for path in _own_paths(own))]


@cache
def _shipped(folder: Path) -> tuple[DescriptionFile, ...]:
    """Return the files that are shipped, which stay as they are while Home Assistant runs."""
    return tuple(_read(path, own=False) for path in sorted(folder.glob(f"*{SUFFIX}")))


def _own_paths(folder: Path) -> list[Path]:
    """Return the files of the user's folder, which need not be there."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == SUFFIX)[:MAX_FILES]
    except OSError:
        return []


def _read(path: Path, *, own: bool) -> DescriptionFile:
    """Read one file."""
    lines: dict[Place, int] = {}
    try:
        plain = _plain(_content(path), lines)
    except FileError as err:
        return DescriptionFile(key=path.stem, own=own, error=err)
    return DescriptionFile(key=path.stem, own=own, plain=plain, lines=lines)


def _content(path: Path) -> str:
    """Return the text of a file; raises FileError."""
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(path.parent.resolve()):
            raise FileError("outside_folder")
        if not S_ISREG(real.stat().st_mode):
            raise FileError("not_a_file")
        with real.open("rb") as file:
            content = file.read(MAX_SIZE + 1)
    except OSError as err:
        raise FileError("unreadable") from err
    except RuntimeError as err:  # a link that leads to itself
        raise FileError("outside_folder") from err
    if len(content) > MAX_SIZE:
        raise FileError("too_large")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        line = content[: err.start].count(b"\n") + 1
        raise FileError("not_utf8", line) from err


class _Loader(yaml.SafeLoader):
    """Reads nodes; what a word is, is decided by SCALARS."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


def _plain(text: str, lines: dict[Place, int]) -> Any:
    """Return a text of YAML as plain data, and note the lines; raises FileError."""
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as err:
        mark = err.problem_mark or err.context_mark
        raise FileError("not_yaml", 1 if mark is None else mark.line + 1) from err
    except (yaml.YAMLError, RecursionError, ValueError) as err:
        raise FileError("not_yaml") from err
    return None if node is None else _Values(lines).of(node, ())


class _Values:
    """Makes plain data of nodes, and counts."""

    def __init__(self, lines: dict[Place, int]) -> None:
        """Have made nothing yet."""
        self._lines = lines
        self._left = MAX_VALUES

    def of(self, node: yaml.Node, place: Place) -> Any:
        """Return the value of a node; raises FileError."""
        line = node.start_mark.line + 1
        self._lines.setdefault(place, line)
        self._left -= 1
        if self._left < 0 or len(place) > MAX_DEPTH:
            raise FileError("too_large", line)
        match node:
            case yaml.ScalarNode():
                return _scalar(node, line)
            case yaml.SequenceNode(tag="tag:yaml.org,2002:seq"):
                return [self.of(item, (*place, at)) for at, item in enumerate(node.value)]
            case yaml.MappingNode(tag="tag:yaml.org,2002:map"):
                return dict(self._items(node, place))
        raise FileError("tag", line)

    def _items(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, Any]]:
        """Return the keys and values of a mapping, each key once."""
        seen: set[str] = set()
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise FileError("not_yaml", line)
            key = key_node.value
            if key in seen:
                raise FileError("duplicate_key", line)
            seen.add(key)
            self._lines[*place, key] = line
            yield key, self.of(value_node, (*place, key))


def _scalar(node: yaml.ScalarNode, line: int) -> Any:
    """Return a single value; raises FileError for a tag."""
    text: str = node.value
    if node.tag != "tag:yaml.org,2002:str":
        raise FileError("tag", line)
    if node.style is not None:
        return text
    kind = next((tag for tag, form in SCALARS.items() if form.fullmatch(text)), None)
    match kind:
        case "tag:yaml.org,2002:bool":
            return text == "true"
        case "tag:yaml.org,2002:int":
            return int(text)
        case "tag:yaml.org,2002:float":
            return float(text)
        case "tag:yaml.org,2002:null":
            return None
    return text


def written(plain: Any) -> str:
    """Return a description as a file."""
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=100)
