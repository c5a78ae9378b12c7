"""Home Assistant is killed while it sends, and nothing is lost, sent twice or told twice."""

import asyncio

import pytest

from stage import Account, HomeAssistant, Simulator

from ..audience import Seat
from .clouds import KIOSK, LOBBY, NO_ANSWER, requests


@pytest.mark.allowed_logs(NO_ANSWER)
async def test_a_request_that_was_cut_off_is_found_by_its_alias(
    home: HomeAssistant, account: Account, cloud: Simulator, seat: Seat
) -> None:
    """Esper took it, but nobody has written down that it did: neither its id nor anything else."""
    audiences = {target: await seat(account, target) for target in (LOBBY, KIOSK)}
    await home.until_stored(account.entry_id, "core.config_entries")
    await home.until_stored(f"{account.entry_id}_{KIOSK}", "core.entity_registry")
    await cloud.fault("drop", "create")
    await cloud.fault("silence", "requests", times=None)
    waiting = asyncio.create_task(account.send_all((LOBBY, KIOSK), "REBOOT", wait=True))
    await cloud.until_asked("create")
    await home.kill()
    with pytest.raises(ConnectionError):
        await waiting
    (request,) = await requests(cloud)
    journal = home.stored(f"command_status.{account.entry_id}")
    assert [each.get("request_id") for each in journal["commands"]] == [None, None]

    await cloud.clear_faults()
    await home.start()
    for record in await account.commands():
        ended = await account.until_final(record["tracking_id"])
        assert (ended["state"], ended["request_id"]) == ("success", request["id"])
        await audiences[record["target"]].heard(record, "success")
    assert len(await account.commands()) == 2
    assert len(await requests(cloud)) == 1
    assert len(await cloud.requests("create")) == 1
