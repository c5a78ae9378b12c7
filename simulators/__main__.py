"""Run one simulator as a process: `python -m simulators wlte --port 8701 --set generation=G1`."""

import argparse
import asyncio
from collections.abc import Mapping
import json
import pkgutil
import signal
from typing import Any, Final

from .base import Simulator

CLOUDS: Final[Mapping[str, str]] = {
    "blink": "simulators.blink:BlinkSimulator",
    "esper": "simulators.esper:EsperSimulator",
    "rest": "simulators.rest:RestSimulator",
    "wlte": "simulators.wlte:WlteSimulator",
}
"""Where the simulator of each cloud is. Only the one that is asked for gets imported."""


def _setting(text: str) -> tuple[str, object]:
    """Read `name=value`; the value is JSON, or else a plain word."""
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulators", description=__doc__)
    parser.add_argument("cloud", choices=CLOUDS)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 (default) picks a free one")
    parser.add_argument(
        "--set",
        dest="settings",
        type=_setting,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change a setting of the scenario from the start; may be repeated",
    )
    return parser.parse_args()


async def _serve(simulator: Simulator[Any], host: str, port: int) -> None:
    """Serve until the process is told to end."""
    told_to_end = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told_to_end.set)
    url = await simulator.start(host, port)
    print(f"{simulator.name} simulator ready at {url}", flush=True)  # noqa: T201
    await told_to_end.wait()
    await simulator.stop()


def main() -> None:
    """Run the simulator that the command line names."""
    arguments = _arguments()
    simulator: Simulator[Any] = pkgutil.resolve_name(CLOUDS[arguments.cloud])()
    simulator.configure(dict(arguments.settings))
    asyncio.run(_serve(simulator, arguments.host, arguments.port))


if __name__ == "__main__":
    main()
