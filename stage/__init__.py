"""A stage for the integration: a real Home Assistant, simulated clouds, and a user who acts.

The demonstration, the end-to-end tests, the browser tests and the benchmarks play on it. Nothing
in here looks into Home Assistant or into the integration: what it knows, it learned over HTTP and
WebSocket, as a browser would. (Three exceptions: two files, the folder that Home Assistant starts
from and its log; and `preloaded`, which imports it so that it starts at once.)

    async with Simulator("wlte", folder) as cloud, HomeAssistant(folder / "home") as home:
        account = await Account.add(home, *wlte(cloud.url))
        await cloud.act("script", outcome="FAILED", times=1)
        record = await account.send("dev-7/1", "ON", wait=True)

What takes time is waited for (`eventually`, and everything that begins with `until`), never slept
through; the limits are generous, since only failures ever reach them.
"""

from .account import Account
from .automations import Run, automation, on_bus, on_event, on_state
from .browser import chromium
from .client import DOMAIN, Client
from .connection import Subscription
from .errors import CommandError, HttpError, OutOfPatienceError, StageError
from .flow import Flow, FlowKind
from .home_assistant import PASSWORD, RESTART, USER, HomeAssistant
from .line import Line
from .log import complaints
from .patience import eventually
from .preloaded import preloaded
from .process import ROOT, Process, execute, free_port
from .programme import rest, wlte, wlte_form
from .servers import Aria2, Scrapyd
from .simulator import Simulator

__all__ = [
    "DOMAIN",
    "PASSWORD",
    "RESTART",
    "ROOT",
    "USER",
    "Account",
    "Aria2",
    "Client",
    "CommandError",
    "Flow",
    "FlowKind",
    "HomeAssistant",
    "HttpError",
    "Line",
    "OutOfPatienceError",
    "Process",
    "Run",
    "Scrapyd",
    "Simulator",
    "StageError",
    "Subscription",
    "automation",
    "chromium",
    "complaints",
    "eventually",
    "execute",
    "free_port",
    "on_bus",
    "on_event",
    "on_state",
    "preloaded",
    "rest",
    "wlte",
    "wlte_form",
]
