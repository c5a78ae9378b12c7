"""What an error tells to whoever prints it."""

from collections.abc import Iterator


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Go through an error and all that led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def told_by(error: BaseException) -> str:
    """Return all that can be read off an error and its causes."""
    return "\n".join(f"{part} {part!r} {vars(part)}" for part in chain(error))
