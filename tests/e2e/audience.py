"""Automations that listen to one target, one for each kind of trigger that users write."""

from collections.abc import Mapping
from typing import Any, Final, Protocol, Self

from stage import Account, automation, on_bus, on_event, on_state

ENDS: Final = ("success", "failure", "timeout", "cancelled", "lost")


class Audience:
    """The automations, by kind, and what they heard."""

    def __init__(self, account: Account, automations: Mapping[str, str]) -> None:
        """Know the automations by their ids, also after a restart."""
        self._account = account
        self.automations = automations

    @classmethod
    async def seat(cls, account: Account, target: str, *states: str) -> Self:
        """Add one automation of each kind that waits for these states, by default for any end."""
        states = states or ENDS
        event = await account.entity("event", "command", target)
        sensor = await account.entity("sensor", "command", target)
        told = f"{{{{ trigger.to_state.attributes.event_type in {states} }}}}"
        configs = {
            "event": automation(on_event(event, *states)),
            "event_classic": automation(on_state(event), conditions=[told]),
            "sensor": automation(on_state(sensor, *states)),
            "bus": automation(*(on_bus(target=target, state=state) for state in states)),
        }
        name = f"{account.entry_id}_{target}".replace("/", "_")  # it becomes part of a path
        automations = {kind: f"{name}_{kind}" for kind in configs}
        for kind, config in configs.items():
            await account.client.add_automation(automations[kind], config)
        return cls(account, automations)

    async def heard(self, record: Mapping[str, Any], *states: str) -> None:
        """Wait until each automation has run for each of these announcements; then, once each."""
        client = self._account.client
        tracking_id = record["tracking_id"]
        for automation_id in self.automations.values():
            await client.until_runs(automation_id, tracking_id, number=len(states))
        heard = {kind: await self.states(tracking_id, kind) for kind in self.automations}
        assert heard == {kind: list(states) for kind in self.automations}

    async def heard_nothing_of(self, record: Mapping[str, Any]) -> None:
        """Check that no automation has run for a command, so far."""
        heard = [await self.states(record["tracking_id"], kind) for kind in self.automations]
        assert not any(heard), heard

    async def states(self, tracking_id: str, kind: str) -> list[str]:
        """Return what an automation was told about a command, oldest first."""
        runs = await self._account.client.runs(self.automations[kind])
        return [run.state for run in runs if run.tracking_id == tracking_id]

    async def leave(self) -> None:
        """Delete the automations."""
        for automation_id in self.automations.values():
            await self._account.client.remove_automation(automation_id)


class Seat(Protocol):
    """Lets automations listen until the end of the test; see `Audience.seat`."""

    async def __call__(self, account: Account, target: str, *states: str) -> Audience:
        """Add the automations."""
