"""A description of the user's own: taken from its file, told where it is wrong, and durable."""

import asyncio
from collections.abc import Mapping
from typing import Final

import pytest

from simulators.rest import TOKEN
from stage import Account, HomeAssistant, Simulator, eventually, rest
from stage.programme import JOBS

from ..audience import Seat

BROKEN: Final = "broken"


async def test_killed_while_it_sends_there_is_one_job(
    home: HomeAssistant, workshop: Account, clouds: Mapping[str, Simulator], seat: Seat
) -> None:
    """The description says `repeatable`: the same mark finds the job that was made already."""
    cloud = clouds["rest"]
    await cloud.fault("drop", "create", delay=2.0)  # made, and the answer never comes
    await cloud.act("script", after=15)
    audience = await seat(workshop, "m1")
    await home.until_stored(workshop.entry_id, "core.config_entries", "core.entity_registry")
    waiting = asyncio.create_task(workshop.send("m1", "make", wait=True))
    await cloud.until_asked("create")
    await home.kill()
    with pytest.raises(ConnectionError):
        await waiting
    await home.start()

    await cloud.until_asked("create", 2)
    (record,) = await workshop.commands()
    after = await workshop.until_final(record["tracking_id"])
    assert after["state"] == "success"
    await audience.heard(after, "success")
    (job,) = (await cloud.state())["jobs"]
    assert (job["id"], job["order"]["key"]) == (after["command_id"], after["tracking_id"])


@pytest.mark.allowed_logs(BROKEN)
async def test_a_file_with_a_mistake_is_a_repair_with_its_line(
    home: HomeAssistant, clouds: Mapping[str, Simulator]
) -> None:
    """It keeps nobody else from being used, and the repair goes when it was mended."""
    folder = home.folder / "command_status"
    home.describe(JOBS)
    good = JOBS.read_text().replace("key: jobs", f"key: {BROKEN}")
    broken = folder / f"{BROKEN}.yaml"
    broken.write_text(good.replace("word: job.state", "wrod: job.state"))
    account = await Account.add(home, *rest("jobs", clouds["rest"].url, token=TOKEN))
    (issue,) = await account.issues()
    placeholders = issue["translation_placeholders"]
    assert placeholders["file"] == f"command_status/{BROKEN}.yaml"
    lines = broken.read_text().splitlines()
    assert lines[int(placeholders["line"]) - 1].strip() == "wrod: job.state"
    assert "unknown_key" in placeholders["reason"]

    broken.write_text(good)
    await account.reload()

    async def gone() -> bool:
        return not await account.issues()

    await eventually(gone, "end of the repair")
    broken.unlink()
    await account.remove()


async def test_a_stranger_reads_nothing_of_the_house(home: HomeAssistant) -> None:
    """No tag, no link and no other folder: files that try are named and not used."""
    folder = home.folder / "command_status"
    folder.mkdir(exist_ok=True)
    secrets = home.folder / "secrets.yaml"
    secrets.write_text("token: of-the-house-4711\n")
    good = JOBS.read_text()
    tricks = {
        "secret": good.replace("key: jobs", "key: secret").replace("Workshop", "!secret token"),
        "include": good.replace("key: jobs", "key: include").replace(
            "Workshop", "!include ../secrets.yaml"
        ),
        "python": good.replace("key: jobs", "key: python").replace(
            "Workshop", "!!python/object/apply:os.system ['touch owned']"
        ),
        "bomb": good.replace("key: jobs", "key: bomb") + BOMB,
        "supervisor": good.replace("key: jobs", "key: supervisor").replace(
            '"${account.base_url}"', "http://supervisor/core/api"
        ),
        "metadata": good.replace("key: jobs", "key: metadata").replace(
            '"${account.base_url}"', "http://169.254.169.254/latest"
        ),
    }
    for name, text in tricks.items():
        (folder / f"{name}.yaml").write_text(text)
    (folder / "linked.yaml").symlink_to(secrets)
    flow = await home.client.flow()
    await flow.choose("rest")
    offered = flow.fields["description"]["selector"]["select"]["options"]
    assert not {option["value"] for option in offered} & {*tricks, "linked"}
    issues = await home.client.command("repairs/list_issues")
    told = {
        issue["translation_placeholders"]["file"]: issue["translation_placeholders"]["reason"]
        for issue in issues["issues"]
        if issue["domain"] == "command_status"
    }
    assert {f"command_status/{name}.yaml" for name in tricks} <= told.keys()
    assert "of-the-house-4711" not in str((flow.answer, issues))
    await flow.close()
    for name in (*tricks, "linked"):
        (folder / f"{name}.yaml").unlink()
    await (await home.client.flow()).choose("rest")


BOMB: Final = """
a: &a [x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]
e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]
f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e]
g: &g [*f, *f, *f, *f, *f, *f, *f, *f, *f]
"""
