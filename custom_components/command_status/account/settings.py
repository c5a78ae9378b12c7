"""What the user has set for an account: its options, its saved commands, its described ones."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from homeassistant.config_entries import ConfigEntry, ConfigSubentry

from ..const import (
    CONF_DEVICES,
    CONF_ENTITIES,
    CONF_KEEP_FINISHED,
    CONF_TIMEOUT,
    DEFAULT_KEEP_DAYS,
    SUBENTRY_API_COMMAND,
    SUBENTRY_COMMAND,
)

CONF_TARGET: Final = "target"
CONF_COMMAND: Final = "command"
CONF_PARAMETERS: Final = "parameters"
CONF_EXPECT: Final = "expect"


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """What a saved command sends; the data of its subentry."""

    target: str
    """The id of the target."""
    command: str
    parameters: Mapping[str, Any]
    window: float
    """The wait window in seconds."""
    expect: Mapping[str, Any] | None = None
    """What is expected to be seen, where that differs from what the provider knows."""

    def to_plain(self) -> dict[str, Any]:
        """Return the data of a subentry."""
        plain = {
            CONF_TARGET: self.target,
            CONF_COMMAND: self.command,
            CONF_PARAMETERS: dict(self.parameters),
            CONF_TIMEOUT: self.window,
        }
        return plain if self.expect is None else {**plain, CONF_EXPECT: dict(self.expect)}

    @classmethod
    def from_plain(cls, data: Mapping[str, Any]) -> Self:
        """Return what the data of a subentry says."""
        return cls(
            target=data[CONF_TARGET],
            command=data[CONF_COMMAND],
            parameters=data[CONF_PARAMETERS],
            window=data[CONF_TIMEOUT],
            expect=data.get(CONF_EXPECT),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The options and saved commands of an account."""

    window: float | None
    """The default wait window in seconds; None: the provider's."""
    keep_days: float
    devices: frozenset[str]
    """The physical devices that were chosen, where the provider may have thousands."""
    saved: tuple[ConfigSubentry, ...]
    """The saved commands."""
    described: tuple[ConfigSubentry, ...]
    """The commands that are described by forms."""

    @classmethod
    def from_entry(cls, entry: ConfigEntry[Any]) -> Self:
        """Return the settings of an account."""
        options = entry.options
        return cls(
            window=options.get(CONF_TIMEOUT),
            keep_days=options.get(CONF_KEEP_FINISHED, DEFAULT_KEEP_DAYS),
            devices=frozenset(options.get(CONF_DEVICES, options.get(CONF_ENTITIES, ()))),
            # Copies: Home Assistant changes a subentry in its place.
            saved=tuple(map(replace, entry.get_subentries_of_type(SUBENTRY_COMMAND))),
            described=tuple(map(replace, entry.get_subentries_of_type(SUBENTRY_API_COMMAND))),
        )

    def saved_as(self, subentry_id: str) -> Saved | None:
        """Return what a saved command sends as it is now, if it is there."""
        found = (each for each in self.saved if each.subentry_id == subentry_id)
        return next((Saved.from_plain(each.data) for each in found), None)

    @property
    def saved_targets(self) -> frozenset[str]:
        """The targets that saved commands need."""
        return frozenset(subentry.data[CONF_TARGET] for subentry in self.saved)
