"""The demonstration: a real house, simulated clouds, and commands that end in every way.

scripts/demo            shows it, then keeps everything running until Ctrl-C
scripts/demo --check    shows it and ends: 0 if everything was as it should be, else 1
"""

import argparse
import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import chain, groupby
import json
from pathlib import Path
import shutil
import signal
import sys
import tempfile
import time
from typing import Any, Final, override

from . import house
from .account import Account
from .client import DOMAIN, Client
from .dashboard import PATH as DASHBOARD, async_add_dashboard
from .errors import OutOfPatienceError, StageError
from .home_assistant import PASSWORD, RESTART, USER, HomeAssistant
from .log import complaints
from .patience import eventually
from .process import ROOT, Started
from .programme import ACTS, CLOUDS, LISTENERS, TELLER, Act, Listener
from .simulator import Simulator

PORT: Final = 8123
"""Home Assistant's own; another one is taken where this one is not free."""

INTERRUPTED: Final = 130
"""The exit code of programs that were told to end before they were done."""

PANEL: Final = "command-status"
"""What Home Assistant opens on: every command, live."""

HEAD: Final = ("target", "command", "state", "reason or result", "seconds", "which automation ran")

WIDEST: Final = 60
"""Characters that a reason or a result may take."""

WHAT_TO_TRY: Final = """\
Home Assistant   {url}   user {user}, password {password}

What to try
  - See what became of every command, live; {url} opens on it
  - Look at a dashboard with all of it: {url}/{dashboard}
  - Look at the devices and their entities: {url}/config/integrations/integration/command_status
  - Make an automation: {url}/config/automation/edit/new
      Add trigger, "Command failed", with the device Cellar pump as its target; then any action.
      README.md leads through it. The blueprints of this project are there, too.
  - Let a command fail, at {url}/config/tools/action :
      choose "Send a command", the device Cellar pump, which is offline, and the command ON.
  - Send one that succeeds; choose "YAML mode" there, and paste:
action: command_status.send_command
data: {{config_entry_id: {entry_id}, target: {target}, command: {command}, wait: true}}
  - Do something in the house itself, and see what becomes of it: a lock that jams, in the same way.
action: command_status.perform_action
data: {{action: lock.lock, target: {{entity_id: {jammed}}}, wait: true}}
  - Tell the cloud what becomes of the next command; it fails 5 s after you have sent it:
      curl --json '{{"outcome": "FAILED", "after": 5, "times": 1}}' {script}
  - Restart Home Assistant while a command is open ({url}/config/system, top right).
  - Read the log: {log}

Press Ctrl-C to end it all.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What became of an act."""

    act: Act
    record: Mapping[str, Any]
    heard_by: tuple[str, ...]
    """The automations that ran for it."""
    unheard_by: tuple[str, ...]
    """Those that should have run as well."""

    @property
    def row(self) -> tuple[str, ...]:
        """Return the line of the table."""
        return (
            self.record["target_name"],
            self.record["command"],
            self.record["state"] + (", late" if self.record["late"] else ""),
            self._told,
            f"{self.record['duration']:.1f}" if self.record["final"] else "",
            "; ".join(self.heard_by),
        )

    @property
    def _told(self) -> str:
        """What else was told, as far as there is room for it."""
        result = self.record["result"]
        told = self.record["reason"] or ("" if result is None else json.dumps(result))
        return told if len(told) <= WIDEST else f"{told[: WIDEST - 3]}..."

    @property
    def wrong(self) -> Iterator[str]:
        """Tell in what it differs from what was to be shown."""
        name = f"{self.record['target_name']} {self.record['command']}"
        if self.record["state"] != self.act.ends:
            yield f"{name} should have ended as {self.act.ends}, not {self.record['state']}."
        if self.record["late"] != self.act.late:
            yield f"{name} should have ended {'late' if self.act.late else 'in time'}."
        for unheard in self.unheard_by:
            yield f"The automation '{unheard}' did not run for {name}."


class Demo(Started):
    """A furnished Home Assistant with an account at each cloud, and automations that listen."""

    def __init__(self, folder: Path, listeners: Sequence[Listener]) -> None:
        """Choose where everything is written down, and which automations there are."""
        self._folder = folder
        self._listeners = listeners
        self._stack = AsyncExitStack()
        self.home = HomeAssistant(folder / "home-assistant", port=PORT, things=house.CONFIGURATION)
        self.clouds = {
            cloud.name: Simulator(cloud.name, folder, port=cloud.port, **cloud.settings)
            for cloud in CLOUDS
        }
        self.accounts: dict[str, Account] = {}
        self._lasting: dict[str, str] = {}

    @override
    async def stop(self) -> None:
        """End everything that was started."""
        with step("Ending Home Assistant and the simulators"):
            await self._stack.aclose()

    async def play(self) -> list[Shown]:
        """Send all commands, wait until each has ended and been heard of."""
        calls = [tuple(acts) for _, acts in groupby(ACTS, key=lambda act: act.call)]
        with step(f"Sending {len(ACTS)} commands with {len(calls)} calls"):
            sent = await asyncio.gather(*map(self._send, calls))
        with step("Waiting for their ends and for the automations"):
            return await asyncio.gather(*map(self._follow, ACTS, chain(*sent), strict=True))

    @override
    async def start(self) -> None:
        """Start everything."""
        for cloud in CLOUDS:
            with step(f"Starting the {cloud.name} simulator"):
                simulator = self.clouds[cloud.name]
                self._stack.push_async_callback(simulator.stop)
                await simulator.start()
        blueprints = self.home.folder / "blueprints"
        shutil.copytree(ROOT / "blueprints", blueprints, dirs_exist_ok=True)
        with step("Starting Home Assistant"):
            self._stack.push_async_callback(self.home.stop)
            client = await self.home.start()
        for cloud in CLOUDS:
            with step(f"Adding the {cloud.name} account"):
                if cloud.description is not None:
                    self.home.describe(cloud.description)
                steps = cloud.sign_in(self.clouds[cloud.name].url)
                account = await Account.add(self.home, *steps)
                if cloud.devices:
                    await account.choose_devices(*cloud.devices)
                self.accounts[cloud.name] = account
        with step("Adding the house, and choosing things in it"):
            self.accounts["home"] = await Account.add(self.home, "home", {})
            await self.accounts["home"].choose_entities(*house.THINGS)
            self._lasting = await client.lasting_ids()
        with step("Adding what listens, and a dashboard"):
            await self._listen(client)
            await async_add_dashboard(client, self.accounts.values())
        first = {"default_panel": PANEL}
        await client.command("frontend/set_system_data", key="core", value=first)

    async def _listen(self, client: Client) -> None:
        accounts = self.accounts
        events = [await account.entity("event", "command") for account in accounts.values()]
        targets = dict.fromkeys((act.cloud, act.target) for act in ACTS)
        sensors = [
            await accounts[cloud].entity("sensor", "command", self._lasting.get(target, target))
            for cloud, target in targets
        ]
        for listener in self._listeners:
            await client.add_automation(listener.name, listener.config(events, sensors))

    async def _send(self, acts: Sequence[Act]) -> list[str]:
        """Tell the cloud its cues, send the commands of one call, and return their tracking ids."""
        for act in acts:
            if act.cue is not None:
                cloud = next(cloud for cloud in CLOUDS if cloud.name == act.cloud)
                await self.clouds[act.cloud].act("script", **cloud.cue(act.target, act.cue))
        targets = tuple(act.target for act in acts)
        action, data = acts[0].request(self.accounts[acts[0].cloud].entry_id, targets)
        answer = await self.home.client.ask(f"{DOMAIN}.{action}", data)
        sent = {record["target"]: str(record["tracking_id"]) for record in answer["commands"]}
        ids = [sent[target] for target in targets]
        for act, tracking_id in zip(acts, ids, strict=True):
            if act.update is not None:
                call = {"tracking_id": tracking_id, **act.update}
                await self.home.client.ask(f"{DOMAIN}.update_command", call)
        return ids

    async def _follow(self, act: Act, tracking_id: str) -> Shown:
        """Wait until a command has ended and all automations ran that should; or for long."""
        account = self.accounts[act.cloud]
        listeners = self._listeners
        expected = {listener.name for listener in listeners if act.announced & listener.hears}
        heard_by: list[str] = []

        async def heard() -> bool:
            heard_by[:] = [
                listener.name for listener in listeners if await self._ran(listener, tracking_id)
            ]
            return expected.issubset(heard_by)

        async def corrected() -> bool:
            return bool((await account.record(tracking_id))["late"])

        try:
            await account.until_final(tracking_id)
            if act.late:
                await eventually(corrected, "correction")
            await eventually(heard, "automation")
        except OutOfPatienceError:
            pass  # it is told below what was missing
        record = await account.record(tracking_id)
        missing = tuple(sorted(expected.difference(heard_by)))
        return Shown(act=act, record=record, heard_by=tuple(heard_by), unheard_by=missing)

    async def _ran(self, listener: Listener, tracking_id: str) -> bool:
        runs = await self.home.client.runs(listener.name)
        return any(run.tracking_id == tracking_id for run in runs)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    say(f"{what} ...", end="")
    began = time.monotonic()
    try:
        yield
    except BaseException:
        say(" not done")
        raise
    say(f" {time.monotonic() - began:.1f} s")


def say(text: str = "", *, end: str = "\n") -> None:
    """Tell the user."""
    print(text, end=end, flush=True)  # noqa: T201 - the one place that does


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Return the lines of a table, the first row as its head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
        if number == 0:
            yield "  ".join("-" * width for width in widths)


def what_was_wrong(shown: Sequence[Shown], log: str) -> list[str]:
    """Return in plain sentences what was not as it should be."""
    return [
        *(sentence for each in shown for sentence in each.wrong),
        *(f"Home Assistant's log complains: {entry}" for entry in complaints(log)),
    ]


async def keep_running(demo: Demo) -> None:
    """Tell the user what to try, and go on until something ends it."""
    home = demo.home
    act = ACTS[0]
    say(
        WHAT_TO_TRY.format(
            url=home.url,
            dashboard=DASHBOARD,
            user=USER,
            password=PASSWORD,
            entry_id=demo.accounts[act.cloud].entry_id,
            target=act.target,
            command=act.command,
            jammed=house.JAMMED,
            script=f"{demo.clouds[act.cloud].url}/_simulator/actions/script",
            log=home.process.output,
        )
    )
    # Home Assistant ends in a way of its own when it wants to be started again.
    while await home.until_ended() == RESTART:
        with step("Restarting Home Assistant"):
            await home.restart()
    home.process.check()


async def run(folder: Path, *, check: bool) -> int:
    """Show everything; return the exit code."""
    async with Demo(folder, LISTENERS if check else (TELLER,)) as demo:
        shown = await demo.play()
        say()
        for line in table([HEAD, *(each.row for each in shown)]):
            say(line)
        say()
        wrong = what_was_wrong(shown, demo.home.log)
        for sentence in wrong or ["Everything was as it should be."]:
            say(sentence)
        say()
        if not check:
            with suppress(asyncio.CancelledError):  # the user has seen enough
                await keep_running(demo)
    return 1 if wrong else 0


async def run_until_told(folder: Path, *, check: bool) -> int:
    """Show everything, until the user or the system tells us to end; return the exit code."""
    showing = asyncio.create_task(run(folder, check=check))
    told = False

    def tell() -> None:
        nonlocal told
        if not told:  # once is enough: what was started has to be ended in order
            told = True
            showing.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, tell)
    try:
        return await showing
    except asyncio.CancelledError:
        return INTERRUPTED


def main() -> int:
    """Run the demonstration in a folder that goes away with it, if all went well."""
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="end by itself, tell by exit code")
    check: bool = parser.parse_args().check
    folder = Path(tempfile.mkdtemp(prefix="command-status-"))
    try:
        code = asyncio.run(run_until_told(folder, check=check))
    except StageError as err:
        say(f"The demonstration broke off: {err}")
        code = 1
    if code == 1:
        say(f"Logs and configuration are in {folder}")
    else:
        shutil.rmtree(folder)
    return code


if __name__ == "__main__":
    sys.exit(main())
