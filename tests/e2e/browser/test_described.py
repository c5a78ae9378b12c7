"""An API is described by clicking: its account, and a command that is tried and then sent."""

from collections.abc import Mapping

from playwright.async_api import Page, expect

from simulators.rest import TOKEN
from stage import Account, HomeAssistant, Simulator

from .camera import Camera
from .pages import IntegrationPage


async def test_an_api_is_described_and_its_command_is_tried(
    home: HomeAssistant, clouds: Mapping[str, Simulator], page: Page, camera: Camera
) -> None:
    """Without a file, and without a line of code."""
    cloud = clouds["rest"]
    accounts = IntegrationPage(page)
    dialogue = await accounts.add("Any REST API")
    await dialogue.pick("API description", "Describe it here")
    await dialogue.submit()
    await dialogue.fill(name="Workshop", base_url=cloud.url)
    await camera.take("described_account")
    await dialogue.submit()
    await dialogue.fill(token=TOKEN)
    await dialogue.submit()
    await dialogue.finish()

    await accounts.open()
    dialogue = await accounts.describe_command()
    await dialogue.fill(command="make", path="/api/machines/m1/jobs")
    await dialogue.write("Body", "what: screws")
    await dialogue.submit()
    await dialogue.fill(id="job.id")
    await dialogue.submit()
    await dialogue.fill(ask_path="/api/jobs/${id}")
    await dialogue.submit()
    await dialogue.fill(word="job.state")
    await camera.take("described_words")
    await dialogue.submit()
    await dialogue.submit()
    await dialogue.switch("Send it now?")
    await dialogue.submit()
    await expect(dialogue.box).to_contain_text("State: success")
    await expect(dialogue.box).to_contain_text("Words that were understood: done")
    await camera.take("described_tried")
    await dialogue.choose("Save")
    await expect(dialogue.box).to_contain_text("The command has been saved.")
    await dialogue.finish()

    (account,) = await Account.all(home)
    await account.until_entry("loaded")
    record = await account.send("account", "make", wait=True)
    assert (record["state"], record["provider_state"]) == ("success", "done")
    (job, _) = (await cloud.state())["jobs"]
    assert job["order"] == {"what": "screws"}
