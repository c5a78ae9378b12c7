"""The panel with two thousand commands and twenty changes a second, in a real Chromium."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
import gzip
import json
import os
from pathlib import Path
from statistics import median
import tempfile
import time
from typing import Any, Final

from homeassistant.helpers.json import json_bytes
from playwright.async_api import Page, async_playwright

from custom_components.command_status.const import DOMAIN
from custom_components.command_status.tracking import (
    Command,
    CommandState,
    Phase,
    Step,
    to_plain,
)
from stage import ROOT, Account, HomeAssistant, Simulator, chromium, wlte_form

from .clouds import issue_endless, tracking_id
from .figures import Effort, Table
from .spread import spread

ACCOUNTS: Final = 4
"""So many that their caps on requests leave room for the changes."""
DEVICES: Final = 25
"""At each of them; the cloud gives a relay a rest after each command."""

OF_EACH: Final = 1000
"""Commands that are open, and as many that have ended."""
QUICK_OF_EACH: Final = 40

CHANGES: Final = 20
"""A second: each command that is sent is queued, and succeeds."""

WATCHED: Final = 20.0
"""Seconds for which each view is watched."""
RESTED: Final = 3.0
"""Seconds after loading, and after a change of view, that belong to it."""
MINUTES: Final = 10
SUBSCRIBERS: Final = 10
"""So many that what they cost stands out from what else changes from one moment to the next."""

GOALS: Final = {"bundle": 60.0, "first": 1.0, "task": 100.0, "cpu": 2.0}
"""KB, seconds, milliseconds, and per cent of a core."""

VIEWS: Final = {"list": "List", "line": "Time line", "statistics": "Statistics"}
"""The views, with the names of their buttons."""

WAY: Final = """async (path) => {
    const began = performance.now();
    history.pushState(null, "", path);
    window.dispatchEvent(new CustomEvent("location-changed", {detail: {replace: false}}));
    const find = (root) => {
        for (const each of root.querySelectorAll("*")) {
            if (each.localName === "command-status-list") {
                return each.shadowRoot?.querySelector(".row");
            }
            const found = each.shadowRoot && find(each.shadowRoot);
            if (found) return found;
        }
        return null;
    };
    while (!find(document)) {
        await new Promise((done) => requestAnimationFrame(done));
        if (performance.now() - began > 60000) throw new Error("no rows");
    }
    return performance.now() - began;
}"""
"""Goes somewhere within the page; returns the milliseconds until there is a first row."""

TASK: Final = "ThreadControllerImpl::RunTask"
MAIN_THREAD: Final = "CrRendererMain"
"""How Chromium calls them in what it traces."""

TEXT: Final = f"""\
{OF_EACH:,} open and {OF_EACH:,} finished commands of {ACCOUNTS} accounts at WLTE, and about
{CHANGES} changes a second, in a real Home Assistant and headless Chromium on this machine. *First
list* is the time from a click in the sidebar of a page that is loaded already; *longest task* is
that of the page's main thread as Chromium traces it, from {RESTED:.0f} s after that, while a view
is opened (but the list) and looked at for {WATCHED:.0f} s, and the list is scrolled as well. By the
clock, a task also holds the time that was spent waiting for a processor. The memory is the page's
heap after a collection, at the first and the last of {MINUTES} minutes. *CPU* is what all threads
of Home Assistant use more with {SUBSCRIBERS} subscribers than with none, divided by {SUBSCRIBERS}.

To reach: a bundle of at most {GOALS["bundle"]:.0f} KB (gzip), the first list within
{GOALS["first"]:.0f} s, no task over {GOALS["task"]:.0f} ms, a heap that does not grow, and at most
{GOALS["cpu"]:.0f} % of a core."""


def _commands(ids: Sequence[str], number: int, account: int) -> Iterator[Command]:
    """Return commands that have ended, day after day, and then those that are open."""
    now = time.time()
    for place in range(number + len(ids)):
        ended = place < number
        created = now - 5 * 86400 * (1 - place / number) if ended else now - 60
        device = f"dev-x{place % DEVICES + 1:05}"
        state = CommandState.FAILURE if place % 9 == 0 else CommandState.SUCCESS
        sent = Step(CommandState.SENT, "SENT", created + 0.1)
        yield Command(
            tracking_id=tracking_id(account * 100_000 + place),
            target=f"{device}/1",
            target_name=f"Extra device {place % DEVICES + 1} relay 1",
            device=device,
            command="ON" if place % 2 else "OFF",
            command_id=f"done-{account}-{place}" if ended else ids[place - number],
            phase=Phase.TAKEN,
            state=state if ended else CommandState.SENT,
            reason="DEVICE_OFFLINE" if ended and state is CommandState.FAILURE else None,
            provider_state=state.upper() if ended else "SENT",
            settled=ended,
            created_at=created,
            sent_at=created + 0.1,
            finished_at=created + 2 + place % 5 if ended else None,
            deadline=created + 86400,
            changes=(sent, Step(state, state.upper(), created + 2 + place % 5))
            if ended
            else (sent,),
        )


def _write(folder: Path, entry_id: str, commands: Sequence[Command]) -> None:
    """Write down what an account remembers, before it is loaded."""
    key = f"{DOMAIN}.{entry_id}"
    still_open = [to_plain(command) for command in commands if not command.final]
    document = {"version": 1, "minor_version": 1, "key": key, "data": {"commands": still_open}}
    (folder / ".storage" / key).write_bytes(json_bytes(document))
    done = [to_plain(command) for command in commands if command.final]
    lines = [{"version": 1}, *done]
    content = b"".join(json_bytes(line) + b"\n" for line in lines)
    (folder / ".storage" / f"{key}.history").write_bytes(content)


@asynccontextmanager
async def _house(of_each: int) -> AsyncGenerator[tuple[HomeAssistant, list[Account]]]:
    """Start a Home Assistant with accounts that remember much."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        home = HomeAssistant(folder)
        await stack.enter_async_context(home)
        cloud = Simulator("wlte", folder, extra_devices=DEVICES, enforce_limits=False)
        await stack.enter_async_context(cloud)
        accounts, remembered = [], []
        for number in range(ACCOUNTS):
            client = {"client_id": f"client-{number}", "secret": f"secret-{number}"}
            await cloud.act("add_client", **client)
            form = wlte_form(
                cloud.url, client_id=client["client_id"], client_secret=client["secret"]
            )
            accounts.append(await Account.add(home, "wlte", form))
            share = of_each // ACCOUNTS
            remembered.append([*_commands(await issue_endless(cloud, share), share, number)])
        await home.stop()
        for account, commands in zip(accounts, remembered, strict=True):
            _write(folder, account.entry_id, commands)
        await home.start()
        yield home, accounts


@asynccontextmanager
async def _page(home: HomeAssistant) -> AsyncGenerator[Page]:
    """Open a browser in which the user is logged in."""
    program = chromium()
    assert program, "there is no Chromium; as root on Debian, scripts/setup installs it"
    tokens = json.dumps(home.client.browser_tokens | {"expires": 0})
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        context = await browser.new_context(
            base_url=home.url, viewport={"width": 1280, "height": 720}
        )
        await context.add_init_script(f"localStorage.setItem('hassTokens', {json.dumps(tokens)})")
        yield await context.new_page()
        await browser.close()


async def _keep_sending(accounts: Sequence[Account]) -> None:
    """Send a command every so often that there are as many changes as wanted."""
    loop = asyncio.get_running_loop()
    begun, number = loop.time(), 0
    async with asyncio.TaskGroup() as calls:
        while True:
            account = accounts[number % ACCOUNTS]
            device = number // ACCOUNTS % DEVICES + 1
            calls.create_task(account.send(f"dev-x{device:05}/1", "ON"))
            number += 1
            await asyncio.sleep(begun + number * 2 / CHANGES - loop.time())


def _cpu(home: HomeAssistant) -> float:
    """Return the seconds of CPU time that Home Assistant has used."""
    text = Path(f"/proc/{home.process.pid}/stat").read_text(encoding="ascii")
    user, system = text.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


async def _heap(page: Page) -> float:
    """Return the megabytes of the page's heap."""
    session = await page.context.new_cdp_session(page)
    await session.send("HeapProfiler.collectGarbage")
    usage = await session.send("Runtime.getHeapUsage")
    await session.detach()
    return float(usage["usedSize"]) / 1e6


async def _longest_task(page: Page, view: str, seconds: float) -> dict[str, float]:
    """Look at a view for a while; return the milliseconds of the longest task."""
    browser = page.context.browser
    assert browser is not None
    if view == "list":
        await page.evaluate(WAY, "/command-status")
        await asyncio.sleep(RESTED)
    await browser.start_tracing(page=page, categories=["toplevel"])
    if view != "list":
        await page.get_by_role("button", name=VIEWS[view]).click()
    until = time.monotonic() + seconds
    await page.mouse.move(640, 500)
    down = True
    while time.monotonic() < until:
        if view == "list":
            await page.mouse.wheel(0, 400 if down else -400)
            down = time.monotonic() < until - seconds / 2
        await asyncio.sleep(0.1)
    events = json.loads(await browser.stop_tracing())["traceEvents"]
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == MAIN_THREAD
    }
    tasks = [
        event
        for event in events
        if event["name"] == TASK and (event["pid"], event["tid"]) in mains and "dur" in event
    ]
    return {kind: max(task[kind] for task in tasks) / 1000 for kind in ("dur", "tdur")}


async def _shares(home: HomeAssistant, seconds: float, turns: int) -> list[float]:
    """Return the per cent of a core that one subscriber costs Home Assistant, turn by turn."""
    shares = []
    for _ in range(turns):
        used = []
        for number in (0, SUBSCRIBERS):
            async with AsyncExitStack() as stack:
                for _ in range(number):
                    heard = home.client.connection.subscribe(
                        lambda _: None, f"{DOMAIN}/subscribe", limit=2 * OF_EACH
                    )
                    await stack.enter_async_context(heard)
                await asyncio.sleep(RESTED)
                before, begun = _cpu(home), time.monotonic()
                await asyncio.sleep(seconds)
                used.append((_cpu(home) - before) / (time.monotonic() - begun) * 100)
        shares.append((used[1] - used[0]) / SUBSCRIBERS)
    return shares


async def _measured(effort: Effort) -> dict[str, Any]:
    """Return all figures of one house."""
    seconds = 4.0 if effort.quick else WATCHED
    async with (
        _house(QUICK_OF_EACH if effort.quick else OF_EACH) as (home, accounts),
        _page(home) as page,
        asyncio.TaskGroup() as work,
    ):
        await page.goto("/profile")
        await page.locator("ha-sidebar").wait_for()
        sending = work.create_task(_keep_sending(accounts))
        await asyncio.sleep(RESTED)
        first = []
        for _ in range(effort.runs):
            first.append(await page.evaluate(WAY, "/command-status") / 1000)
            await page.evaluate(f"({WAY.replace('!find(document)', 'false')})('/profile')")
            await asyncio.sleep(1)
        tasks = {view: await _longest_task(page, view, seconds) for view in VIEWS}
        await page.goto("about:blank")
        shares = await _shares(home, seconds, effort.runs)
        await page.goto("/command-status")
        await page.locator("command-status-list .row").first.wait_for()
        await asyncio.sleep(RESTED)
        heaps = []
        for _ in range(2 if effort.quick else MINUTES + 1):
            heaps.append(await _heap(page))
            await asyncio.sleep(1 if effort.quick else 60)
        sending.cancel()
    return {"first": first, "tasks": tasks, "shares": shares, "heaps": heaps}


def _bundle() -> float:
    """Return the kilobytes of panel and card together, as they are packed for the way."""
    files = ROOT / "custom_components" / DOMAIN / "panel" / "files"
    return sum(len(gzip.compress(path.read_bytes())) for path in files.glob("*.js")) / 1000


async def figures(effort: Effort) -> list[Table]:
    """Look at each view, and at what it costs."""
    found = await _measured(effort)
    first, tasks, heaps = median(found["first"]), found["tasks"], found["heaps"]
    longest = max(task["dur"] for task in tasks.values())
    reached = {
        "bundle": _bundle(),
        "first": first,
        "task": longest,
        "cpu": median(found["shares"]),
    }
    return [
        Table(
            title=f"The panel with {2 * OF_EACH:,} commands and {CHANGES} changes a second",
            text=TEXT,
            columns=("What", "Measured"),
            rows=(
                ("bundle in KB, gzip", f"{reached['bundle']:.1f}"),
                ("first list, s", spread(found["first"], 2)),
                *(
                    (
                        f"longest task, {view}, ms by the clock (CPU ms)",
                        f"{task['dur']:.0f} ({task['tdur']:.0f})",
                    )
                    for view, task in tasks.items()
                ),
                ("heap in MB, first and last", f"{heaps[0]:.1f}, {heaps[-1]:.1f}"),
                ("CPU of Home Assistant, % of a core", spread(found["shares"], 1)),
            ),
            findings=tuple(
                f"{name}: {value:.1f}, not {GOALS[name]:.0f}."
                for name, value in reached.items()
                if value > GOALS[name]
            ),
        )
    ]
