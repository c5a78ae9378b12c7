"""Real servers are described by clicking: what is typed is all that is needed."""

from collections.abc import Mapping
import json
from typing import Any, Final

from playwright.async_api import Page, expect

from stage import Account, Aria2, HomeAssistant, Scrapyd

from .pages import Dialogue, IntegrationPage


def asking(**body: Any) -> str:
    """Return the body of a call of aria2."""
    return json.dumps({"jsonrpc": "2.0", "id": "${tracking_id}", **body})


ADD: Final = asking(method="aria2.addUri", params=["token:${secret.token}", ["${parameter.url}"]])
TELL: Final = asking(method="aria2.tellStatus", params=["token:${secret.token}", "${id}"])

RUN: Final = json.dumps(
    {"project": Scrapyd.PROJECT, "spider": "patient", "jobid": "${tracking_id}"}
)
STATUS: Final = json.dumps({"project": Scrapyd.PROJECT, "job": "${id}"})


async def add(page: Page, url: str, sign_in: str, credentials: Mapping[str, str]) -> Dialogue:
    """Add an account that is described, and begin to describe a command of it."""
    accounts = IntegrationPage(page)
    dialogue = await accounts.add("Any REST API")
    await dialogue.pick("API description", "Describe it here")
    await dialogue.submit()
    await dialogue.fill(name="Mine", base_url=url)
    await dialogue.pick("Kind of sign-in", sign_in)
    await dialogue.submit()
    await dialogue.fill(**credentials)
    await dialogue.submit()
    await dialogue.finish()
    await accounts.open()
    return await accounts.describe_command()


async def try_and_save(dialogue: Dialogue, understood: str, *values: str) -> None:
    """Send the command for a trial, see that it was understood, and save it."""
    for line in values:
        await dialogue.write("Values of the parameters", line)
    await dialogue.switch("Send it now?")
    await dialogue.submit()
    await expect(dialogue.box).to_contain_text("State: success")
    await expect(dialogue.box).to_contain_text(understood)
    await dialogue.choose("Save")
    await expect(dialogue.box).to_contain_text("The command has been saved.")
    await dialogue.finish()


async def test_aria2_is_described(
    home: HomeAssistant, aria2: Aria2, files: str, page: Page
) -> None:
    """A download succeeds and another fails, in aria2's own words."""
    dialogue = await add(page, aria2.url, "Access token (Bearer)", {"token": aria2.SECRET})
    await dialogue.fill(command="add", path="/jsonrpc")
    await dialogue.write("Body", ADD)
    await dialogue.write("Parameters", json.dumps([{"name": "url"}]))
    await dialogue.submit()
    await dialogue.fill(id="result")
    await dialogue.submit()
    await dialogue.pick("Method", "POST")
    await dialogue.fill(ask_path="/jsonrpc")
    await dialogue.write("Body", TELL)
    await dialogue.submit()
    await dialogue.fill(word="result.status")
    await dialogue.pick_several("Success", "complete")
    await dialogue.submit()
    await dialogue.fill(reason="result.errorMessage")
    await dialogue.submit()
    await try_and_save(dialogue, "complete", json.dumps({"url": f"{files}/bytes/100"}))

    (account,) = await Account.all(home)
    await account.until_entry("loaded")
    for path, state in (("bytes/1000", "success"), ("missing", "failure")):
        parameters = {"url": f"{files}/{path}"}
        record = await account.send("account", "add", wait=True, parameters=parameters)
        assert record["state"] == state


async def test_scrapyd_is_described(home: HomeAssistant, scrapyd: Scrapyd, page: Page) -> None:
    """A spider runs to its end."""
    who = {"username": scrapyd.USERNAME, "password": scrapyd.PASSWORD}
    dialogue = await add(page, scrapyd.url, "Username and password", who)
    await dialogue.fill(command="run", path="/schedule.json")
    await dialogue.pick("Kind of body", "application/x-www-form-urlencoded")
    await dialogue.write("Body", RUN)
    await dialogue.submit()
    await dialogue.fill(id="jobid")
    await dialogue.submit()
    await dialogue.fill(ask_path="/status.json")
    await dialogue.write("Query", STATUS)
    await dialogue.submit()
    await dialogue.fill(word="currstate")
    await dialogue.pick_several("Success", "finished")
    await dialogue.submit()
    await dialogue.submit()
    await try_and_save(dialogue, "finished")

    (account,) = await Account.all(home)
    await account.until_entry("loaded")
    record = await account.send("account", "run", wait=True)
    assert (record["state"], record["provider_state"]) == ("success", "finished")
