# The names of PyYAML that are used here; it comes without types.
from typing import Any, ClassVar

class Mark:
    line: int

class YAMLError(Exception): ...

class MarkedYAMLError(YAMLError):
    problem_mark: Mark | None
    context_mark: Mark | None

class Node:
    tag: str
    value: Any
    start_mark: Mark

class ScalarNode(Node):
    style: str | None

class SequenceNode(Node): ...
class MappingNode(Node): ...

class SafeLoader:
    yaml_implicit_resolvers: ClassVar[dict[str, Any]]
    def __init__(self, stream: str) -> None: ...
    def get_single_node(self) -> Node | None: ...
    def dispose(self) -> None: ...

def safe_load(stream: str) -> Any: ...
def safe_dump(
    data: Any, *, sort_keys: bool = True, allow_unicode: bool = False, width: int = 80
) -> str: ...
