"""What is wrong with a user's words for a command, as errors that say what would do instead."""

from collections.abc import Iterable

from .dialogue import Field, FieldKind
from .errors import ProviderInputError


def unknown_command(command: str, known: Iterable[str]) -> ProviderInputError:
    """Return the error for a command that its target does not know, with those that it knows."""
    accepted = ", ".join(known)
    if not accepted:
        return ProviderInputError("knows_no_command", {"command": command})
    return ProviderInputError("unknown_command", {"command": command, "accepted": accepted})


def unknown_parameter(name: str, known: Iterable[str]) -> ProviderInputError:
    """Return the error for a parameter that a command does not have, with those that it has."""
    accepted = ", ".join(known)
    if not accepted:
        return ProviderInputError("no_parameters", {"parameter": name})
    return ProviderInputError("unknown_parameter", {"parameter": name, "accepted": accepted})


def missing(field: Field) -> ProviderInputError:
    """Return the error for a parameter that must be given."""
    return _kind_needed(field) or ProviderInputError(
        "missing_parameter", {"parameter": field.name, "accepted": _values_of(field)}
    )


def unaccepted(field: Field) -> ProviderInputError:
    """Return the error for a parameter with a value that is not accepted."""
    return _kind_needed(field) or ProviderInputError(
        "invalid_parameter", {"parameter": field.name, "accepted": _values_of(field)}
    )


def _kind_needed(field: Field) -> ProviderInputError | None:
    """Return the error for a parameter of which any value of its kind would do; None for others."""
    if _values_of(field):
        return None
    match field.kind:
        case FieldKind.NUMBER:
            return ProviderInputError("number_needed", {"parameter": field.name})
        case FieldKind.OBJECT:
            return ProviderInputError("data_needed", {"parameter": field.name})
        case _:
            return ProviderInputError("text_needed", {"parameter": field.name})


def _values_of(field: Field) -> str:
    """Return the values of a field where they can be listed, or lie within limits."""
    if field.kind is FieldKind.BOOLEAN:
        return "true, false"
    if field.kind is not FieldKind.NUMBER:
        return ", ".join(field.choices)
    match field.minimum, field.maximum:
        case None, None:
            return ""
        case low, None:
            return f"≥ {low:.15g}"
        case None, high:
            return f"≤ {high:.15g}"
        case _:
            return f"{field.minimum:.15g} … {field.maximum:.15g}"
