"""What is not made anew as long as nothing has changed."""

from custom_components.command_status.providers.remembered import Remembered


class Maker:
    """Counts what it makes."""

    def __init__(self) -> None:
        """Nothing was made yet."""
        self.made = 0

    def __call__(self) -> list[str]:
        """Make something that is equal each time, and never the same."""
        self.made += 1
        return ["the same"]


def test_the_same_source_is_made_once() -> None:
    """That is what it is for."""
    remembered, make = Remembered[list[str]](2), Maker()
    assert remembered.of("a", b"source", make) is remembered.of("a", b"source", make)
    assert make.made == 1


def test_another_source_is_made_anew() -> None:
    """And then it is the one that counts."""
    remembered, make = Remembered[list[str]](2), Maker()
    for source in (b"one", b"other", b"other", b"one"):
        remembered.of("a", source, make)
    assert make.made == 3


def test_what_is_equal_is_kept_once() -> None:
    """A thousand commands that run are a thousand times the same."""
    remembered, make = Remembered[list[str]](2), Maker()
    assert remembered.of("a", b"one", make) is remembered.of("b", b"other", make)


def test_the_oldest_makes_room() -> None:
    """However many there are."""
    remembered, make = Remembered[list[str]](2), Maker()
    for key in ("a", "b", "a", "c"):
        remembered.of(key, b"source", make)
    assert len(remembered) == 2
    remembered.of("a", b"source", make)
    assert make.made == 3
    remembered.of("b", b"source", make)
    assert make.made == 4


def test_what_is_forgotten_is_made_anew() -> None:
    """To forget what is not known is no error."""
    remembered, make = Remembered[list[str]](2), Maker()
    remembered.of("a", b"source", make)
    remembered.forget("a")
    remembered.forget("a")
    assert len(remembered) == 0
    remembered.of("a", b"source", make)
    assert make.made == 2
