"""The WebSocket commands that answer once: statistics, and what else a reader must know."""

import time

from custom_components.command_status.account.statistics import SPAN

from .house import GARAGE, GATE, House
from .panel.browser import Browser
from .panel.conftest import browser, guest_browser, open_browser

__all__ = ["browser", "guest_browser", "open_browser"]


async def test_statistics_tell_how_often_how_well_and_how_fast(
    house: House, browser: Browser
) -> None:
    """A row for each target and command."""
    house.cloud.script(outcome="SUCCESS", after=3.0, times=1)
    await house.send()
    await house.go_by(8)
    house.cloud.script(outcome="FAILED", times=1)
    await house.send()
    await house.go_by(4)
    (row,) = (await browser.ask("statistics"))["result"]["statistics"]
    assert row == {
        "config_entry_id": "gate-account",
        "target": GATE,
        "target_name": "Gate relay 1",
        "command": "JOG",
        "count": 2,
        "states": {"success": 1, "failure": 1},
        "success_share": 0.5,
        "median": 5.0,
        "p95": 5.0,
        "requests": 2,
    }


async def test_statistics_survive_a_restart(house: House, browser: Browser) -> None:
    """They come from the history."""
    await house.send()
    await house.go_by(2)
    before = (await browser.ask("statistics"))["result"]
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    assert (await browser.ask("statistics"))["result"] == before


async def test_what_was_forgotten_or_is_too_old_counts_no_more(
    house: House, browser: Browser
) -> None:
    """A week is what is told."""
    sent = await house.send()
    await house.send(target=GARAGE)
    await house.go_by(2)
    assert len((await browser.ask("statistics"))["result"]["statistics"]) == 2
    await house.order("forget_command", tracking_id=sent["tracking_id"])
    (row,) = (await browser.ask("statistics"))["result"]["statistics"]
    assert row["target"] == GARAGE
    house.freezer.tick(SPAN)
    assert (await browser.ask("statistics"))["result"]["statistics"] == []


async def test_a_command_without_success_has_no_usual_time(house: House, browser: Browser) -> None:
    """Nothing is made up."""
    house.cloud.script(outcome="FAILED")
    await house.send()
    (row,) = (await browser.ask("statistics"))["result"]["statistics"]
    assert (row["median"], row["p95"], row["success_share"]) == (None, None, 0)


async def test_what_is_open_is_not_counted(house: House, browser: Browser) -> None:
    """It has no outcome yet."""
    house.cloud.script(after=None)
    await house.send()
    assert (await browser.ask("statistics"))["result"]["statistics"] == []


async def test_statistics_are_for_those_who_may_read_the_target(
    house: House, guest_browser: Browser
) -> None:
    """As its commands are."""
    await house.send()
    await house.send(target=GARAGE)
    rows = (await guest_browser.ask("statistics"))["result"]["statistics"]
    assert [row["target"] for row in rows] == [GARAGE]


async def test_a_reader_learns_the_time_and_what_accounts_there_are(
    house: House, browser: Browser
) -> None:
    """A browser's own clock may be wrong; a provider tells what the words of commands mean."""
    told = (await browser.ask("about"))["result"]
    assert told == {
        "now": time.time(),
        "version": "",
        "accounts": {"gate-account": "My gate"},
        "providers": {"gate-account": "wlte"},
    }
    assert house.entry.title == "My gate"


async def test_a_guest_learns_the_names_of_accounts_that_he_may_read(
    guest_browser: Browser,
) -> None:
    """The garage belongs to this one."""
    assert (await guest_browser.ask("about"))["result"]["accounts"] == {"gate-account": "My gate"}
