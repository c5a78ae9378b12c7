"""A real Scrapyd by its shipped description: nothing of it is written in code."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from stage import DOMAIN, Account, CommandError, HomeAssistant, Scrapyd, rest

SPIDER: Final = "patient"
UNKNOWN_ID: Final = "01KA0000000000000000000000"


def spider(name: str = SPIDER, **more: str) -> Mapping[str, Any]:
    """Return the parameters of a run."""
    return {"parameters": {"spider": name, **more}, "timeout": 300}


async def test_a_spider_runs_to_its_end(spiders: Account, scrapyd: Scrapyd) -> None:
    """Its id is ours: Scrapyd takes the one that it is given."""
    record = await spiders.send(scrapyd.PROJECT, "run", wait=True, **spider())
    assert (record["state"], record["provider_state"]) == ("success", "finished")
    assert record["command_id"] == record["tracking_id"]


async def test_a_refusal_comes_with_a_200(spiders: Account, scrapyd: Scrapyd) -> None:
    """Its rule tells; the status alone would call it taken."""
    record = await spiders.send(scrapyd.PROJECT, "run", wait=True, **spider("nobody"))
    assert (record["state"], record["reason"]) == ("failure", "spider 'nobody' not found")


async def test_a_spider_is_cancelled(spiders: Account, scrapyd: Scrapyd) -> None:
    """Scrapyd says `finished` of it, as of a good one: the word of the cancelling counts."""
    record = await spiders.send(scrapyd.PROJECT, "run", **spider(seconds="600"))
    sensor = await spiders.entity("sensor", "command", scrapyd.PROJECT)
    await spiders.client.until_state(sensor, "in_progress")
    call = {"tracking_id": record["tracking_id"]}
    await spiders.client.ask(f"{DOMAIN}.cancel_command", call)
    assert (await spiders.until_final(record["tracking_id"]))["state"] == "cancelled"


async def test_a_wrong_password_makes_no_account(home: HomeAssistant, scrapyd: Scrapyd) -> None:
    """The form says so, keeps the name and forgets the password."""
    flow = await home.client.flow()
    wrong = {"username": scrapyd.USERNAME, "password": "wrong-password"}
    await flow.walk(*rest("scrapyd", scrapyd.url, **wrong))
    assert (flow.kind, flow.errors) == ("form", {"base": "invalid_auth"})
    assert flow.shown == {"username": scrapyd.USERNAME, "password": None}
    assert "wrong-password" not in home.log
    await flow.close()


async def test_a_run_of_somebody_else_is_followed(spiders: Account, scrapyd: Scrapyd) -> None:
    """By its id and its project; an id that Scrapyd does not know is the caller's mistake."""
    record = await spiders.send(scrapyd.PROJECT, "run", **spider(seconds="2"))
    await spiders.client.act(f"{DOMAIN}.forget_command", {"tracking_id": record["tracking_id"]})
    call = {"config_entry_id": spiders.entry_id, "target": scrapyd.PROJECT}
    known = call | {"command_id": record["command_id"], "wait": True, "timeout": 300}
    (followed,) = (await spiders.client.ask(f"{DOMAIN}.track_command", known))["commands"]
    assert followed["state"] == "success"
    with pytest.raises(CommandError) as unknown:
        await spiders.client.ask(f"{DOMAIN}.track_command", call | {"command_id": UNKNOWN_ID})
    assert unknown.value.code == "service_validation_error"
    with pytest.raises(CommandError, match="target"):
        await spiders.client.ask(
            f"{DOMAIN}.track_command",
            {"config_entry_id": spiders.entry_id, "command_id": UNKNOWN_ID},
        )


async def test_a_run_goes_on_across_a_restart(
    home: HomeAssistant, spiders: Account, scrapyd: Scrapyd
) -> None:
    """It is followed to its end by its id, which is on disk."""
    record = await spiders.send(scrapyd.PROJECT, "run", **spider(seconds="6"))
    await home.restart()
    assert (await spiders.until_final(record["tracking_id"]))["state"] == "success"
