"""The targets of an account, as the provider named them last, and those that it names no longer."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set as AbstractSet
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import Any, Self

from ..const import GONE_AFTER
from ..providers.base import Target, Targets
from ..tracking import NOTHING
from .clock import Moment


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What is known of an account's targets."""

    targets: Mapping[str, Target] = field(default_factory=dict)
    """By id, also those that the newest list does not name any more."""
    missing: Mapping[str, float] = field(default_factory=dict)
    """Targets that the newest list does not name, and for how many seconds certainly.

    Only time counts that the machine has felt: a clock that jumps makes nothing older.
    """
    read: Moment | None = field(default=None, compare=False)
    """When the newest list was read; None: never."""

    def after(self, targets: Targets, now: Moment) -> Self:
        """Return the listing after a list was read; who is missing counts in a whole one only."""
        named = {target.id: target for target in targets}
        passed = now.since(self.read)
        if not targets.whole:
            kept = {key: felt for key, felt in self.missing.items() if key not in named}
            return type(self)(targets={**self.targets, **named}, missing=kept, read=now)
        missing = {
            target_id: self.missing[target_id] + passed if target_id in self.missing else 0.0
            for target_id in self.targets
            if target_id not in named
        }
        return type(self)(targets={**self.targets, **named}, missing=missing, read=now)

    def without(self, gone: AbstractSet[str]) -> Self:
        """Return the listing without some targets."""
        return type(self)(
            targets={key: target for key, target in self.targets.items() if key not in gone},
            missing={key: passed for key, passed in self.missing.items() if key not in gone},
            read=self.read,
        )

    def without_missing(self, device: str) -> Self:
        """Return the listing without those targets of a device that the newest list lacks."""
        return self.without({key for key in self.missing if self.targets[key].device == device})

    def lists(self, target_id: str) -> bool:
        """Return whether the newest list names a target."""
        return target_id in self.targets and target_id not in self.missing

    @property
    def gone(self) -> frozenset[str]:
        """The targets that were missing from two lists that lie far enough apart."""
        return frozenset(
            target_id for target_id, passed in self.missing.items() if passed >= GONE_AFTER
        )

    def differences(self, other: Self) -> list[str]:
        """Return the targets that another listing says something else about."""
        return [
            target_id
            for target_id in self.targets.keys() | other.targets.keys()
            if self.lists(target_id) is not other.lists(target_id)
        ]

    def on_device(self, device: str) -> tuple[Target, ...]:
        """Return the targets of a physical device that the newest list names."""
        known = self._by_device.get(device, ())
        return tuple(target for target in known if self.lists(target.id))

    def of_devices(self, devices: Collection[str]) -> dict[str, Target]:
        """Return the targets of some physical devices, by id."""
        return {
            target_id: target
            for target_id, target in self.targets.items()
            if target.device in devices
        }

    def named(self, name: str) -> Sequence[Target]:
        """Return the targets with a name that the newest list names."""
        return [target for target in self._by_name.get(name, ()) if self.lists(target.id)]

    @property
    def listed(self) -> list[str]:
        """The ids of the targets that the newest list names."""
        return [target_id for target_id in self.targets if target_id not in self.missing]

    def knows_device(self, device: str) -> bool:
        """Return whether any target belongs to a physical device."""
        return device in self._by_device

    @cached_property
    def _by_device(self) -> Mapping[str, Sequence[Target]]:
        """The targets by their devices."""
        return _grouped(self.targets.values(), lambda target: target.device)

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[Target]]:
        """The targets by their names."""
        return _grouped(self.targets.values(), lambda target: target.name)

    def to_plain(self) -> dict[str, Any]:
        """Return the listing as plain data."""
        return {
            "targets": [
                {
                    **_plain(target),
                    "placeholders": dict(target.placeholders),
                    "kept": dict(target.kept),
                }
                for target in self.targets.values()
            ],
            "missing_for": dict(self.missing),
            "read": None if self.read is None else asdict(self.read),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Return the listing in plain data.

        An empty one where it cannot be read, since it can be asked for.
        """
        try:
            targets = {target.id: target for target in map(_target, plain["targets"])}
            missing = {key: float(passed) for key, passed in plain["missing_for"].items()}
            return cls(
                targets=targets,
                missing={key: passed for key, passed in missing.items() if key in targets},
                read=_moment(plain["read"]),
            )
        except KeyError, TypeError, AttributeError, ValueError:
            return cls()


def _moment(values: Mapping[str, Any]) -> Moment:
    """Return a moment from plain data."""
    return Moment(
        wall=float(values["wall"]), uptime=float(values["uptime"]), boot=str(values["boot"])
    )


def _grouped(
    targets: Iterable[Target], key: Callable[[Target], str]
) -> Mapping[str, Sequence[Target]]:
    """Return targets by something that several may have in common."""
    found: dict[str, list[Target]] = {}
    for target in targets:
        found.setdefault(key(target), []).append(target)
    return found


def _plain(target: Target) -> dict[str, Any]:
    """Return the fields of a target; shallow, because all of them are plain."""
    return {f.name: getattr(target, f.name) for f in fields(target)}


def _target(values: Mapping[str, Any]) -> Target:
    """Return a target from plain data; words of another version are left out."""
    known = {f.name for f in fields(Target)}
    read = {name: value for name, value in values.items() if name in known}
    read["commands"] = tuple(read["commands"])
    for name in ("placeholders", "kept"):
        read[name] = dict(read.get(name, NOTHING))
    return Target(**read)
