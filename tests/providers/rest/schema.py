"""As much of JSON Schema as the schema of descriptions needs, for the tests."""

from collections.abc import Iterator, Mapping
import json
from pathlib import Path
import re
from typing import Any, Final

ROOT: Final = Path(__file__).parents[3]
SCHEMA: Final[Mapping[str, Any]] = json.loads((ROOT / "docs/description.schema.json").read_text())

TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema, or the one that it refers to."""
    return SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def fits(value: Any, schema: Mapping[str, Any] = SCHEMA) -> bool:
    """Return whether a value fits a schema."""
    schema = resolved(schema)
    return all(check(value, schema[key], schema) for key, check in CHECKS.items() if key in schema)


def _is_type(value: Any, kinds: Any, _: Any) -> bool:
    names = [kinds] if isinstance(kinds, str) else kinds
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, TYPES[name]) for name in names)


def _has_properties(value: Any, known: Mapping[str, Any], _: Any) -> bool:
    return not isinstance(value, dict) or all(
        fits(value[key], inner) for key, inner in known.items() if key in value
    )


def _has_no_others(value: Any, others: Any, schema: Mapping[str, Any]) -> bool:
    if not isinstance(value, dict):
        return True
    left = [inner for key, inner in value.items() if key not in schema.get("properties", {})]
    return not left if others is False else all(fits(inner, others) for inner in left)


CHECKS: Final[Mapping[str, Any]] = {
    "type": _is_type,
    "const": lambda value, wanted, _: value == wanted and type(value) is type(wanted),
    "enum": lambda value, known, _: value in known,
    "pattern": lambda value, form, _: (
        not isinstance(value, str) or re.search(form, value) is not None
    ),
    "minimum": lambda value, least, _: not isinstance(value, int | float) or value >= least,
    "maximum": lambda value, most, _: not isinstance(value, int | float) or value <= most,
    "minItems": lambda value, least, _: not isinstance(value, list) or len(value) >= least,
    "maxItems": lambda value, most, _: not isinstance(value, list) or len(value) <= most,
    "minProperties": lambda value, least, _: not isinstance(value, dict) or len(value) >= least,
    "maxProperties": lambda value, most, _: not isinstance(value, dict) or len(value) <= most,
    "items": lambda value, item, _: (
        not isinstance(value, list) or all(fits(each, item) for each in value)
    ),
    "required": lambda value, keys, _: not isinstance(value, dict) or value.keys() >= set(keys),
    "properties": _has_properties,
    "additionalProperties": _has_no_others,
    "anyOf": lambda value, ways, _: any(fits(value, way) for way in ways),
}


def objects(schema: Mapping[str, Any] = SCHEMA) -> Iterator[Mapping[str, Any]]:
    """Go through all schemas of objects with keys of their own."""
    if "properties" in schema:
        yield schema
    for key in ("properties", "$defs"):
        for inner in schema.get(key, {}).values():
            yield from objects(inner)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from objects(schema[key])
    for way in schema.get("anyOf", ()):
        yield from objects(way)
