"""Accounts are added, changed, mended and removed by clicking."""

import json
from typing import Final

from playwright.async_api import Page, expect
import pytest

from simulators.esper import API_KEY
from simulators.wlte.simulator import CLIENT_ID, CLIENT_SECRET
from stage import Account, HomeAssistant, Simulator
from stage.programme import BLINK, blink, esper

from ..blink.clouds import CODE
from ..wlte.clouds import NO_ANSWER
from .camera import Camera
from .pages import DevicePage, IntegrationPage

REFUSED: Final = "The provider does not accept these credentials. Check them and try again."
WLTE: Final = "WLTE 127.0.0.1"

# Secrets like all others: they must be nowhere, and so be no words that are used for anything else.
WRONG: Final = "Sesame-close-42"
WRONG_CODE: Final = "31415926"


async def test_a_wlte_account_is_added_after_a_wrong_secret(
    home: HomeAssistant, cloud: Simulator, page: Page
) -> None:
    """The form says what is wrong, keeps what is no secret, and can be completed."""
    accounts = IntegrationPage(page)
    dialogue = await accounts.add("WLTE Open Platform")
    await dialogue.unfold("Advanced settings")
    await dialogue.fill(client_id=CLIENT_ID, client_secret=WRONG, base_url=cloud.url)
    await dialogue.submit()
    await expect(dialogue.error).to_have_text(REFUSED)
    await expect(dialogue.box.locator("input[name=client_id]")).to_have_value(CLIENT_ID)
    await expect(dialogue.box.locator("input[name=client_secret]")).to_have_value("")

    await dialogue.fill(client_secret=CLIENT_SECRET)
    await dialogue.submit()
    await dialogue.finish()
    await accounts.open()
    (account,) = await Account.all(home)
    await account.until_entry("loaded")
    title = (await account.entry())["title"]
    for device in ("Gate", "Garage", "Cellar pump", title):
        await expect(accounts.device(device)).to_be_visible()


async def test_a_blink_account_is_added_with_a_code(
    home: HomeAssistant, page: Page, blink_cloud: Simulator
) -> None:
    """A wrong code does not lead back to the password."""
    accounts = IntegrationPage(page)
    dialogue = await accounts.add("Blink")
    await dialogue.choose("With e-mail address and password")
    await dialogue.unfold("Advanced settings")
    await dialogue.fill(
        email=BLINK.email, password=WRONG, auth_url=blink_cloud.url, api_url=blink_cloud.url
    )
    await dialogue.submit()
    await expect(dialogue.error).to_have_text(REFUSED)
    await dialogue.fill(password=BLINK.password)
    await dialogue.submit()
    await dialogue.fill(code=WRONG_CODE)
    await dialogue.submit()
    await expect(dialogue.error).to_have_text("The code is not right. Check it and try again.")

    await dialogue.fill(code=CODE)
    await dialogue.submit()
    await dialogue.finish()
    await accounts.open()
    for device in ("Home", "Driveway", "Front door"):
        await expect(accounts.device(device)).to_be_visible()
    (account,) = await Account.all(home)
    assert (await account.entry())["state"] == "loaded"


async def test_an_esper_account_is_added_and_its_devices_are_chosen(
    home: HomeAssistant, page: Page, esper_cloud: Simulator
) -> None:
    """It may have thousands of devices, so none has entities before it is chosen."""
    accounts = IntegrationPage(page)
    dialogue = await accounts.add("Esper")
    await dialogue.fill(tenant=f"{esper_cloud.url}/api", api_key=WRONG)
    await dialogue.submit()
    await expect(dialogue.error).to_have_text(REFUSED)
    await dialogue.fill(api_key=API_KEY)
    await dialogue.submit()
    await dialogue.finish()

    await accounts.open()
    await expect(accounts.device("Lobby")).to_have_count(0)
    options = await accounts.configure("Esper 127.0.0.1")
    await options.pick_several("Devices", "Lobby", "Kiosk")
    await options.submit()
    await options.finish()
    await expect(accounts.device("Lobby")).to_be_visible()
    await expect(accounts.device("Kiosk")).to_be_visible()
    (account,) = await Account.all(home)
    assert {"Lobby", "Kiosk"} < (await account.devices()).keys()


@pytest.mark.usefixtures("account")
async def test_accounts_of_several_clouds_stand_side_by_side(
    home: HomeAssistant,
    blink_cloud: Simulator,
    esper_cloud: Simulator,
    page: Page,
    camera: Camera,
) -> None:
    """Each has its devices below it."""
    await Account.add(home, *blink(blink_cloud.url, code=CODE))
    await Account.add(home, *esper(esper_cloud.url))
    accounts = await IntegrationPage(page).open()
    for title, device in (("Blink Home", "Driveway"), ("Esper 127.0.0.1", None), (WLTE, "Gate")):
        await expect(accounts.account(title)).to_contain_text(device or title)
    for title in ("Blink Home", "Esper 127.0.0.1"):
        await accounts.fold(title)
    await expect(accounts.device("Driveway")).to_have_count(0)
    await camera.take("integrations")


async def test_options_are_changed(account: Account, page: Page) -> None:
    """They hold from the next command on."""
    accounts = await IntegrationPage(page).open()
    options = await accounts.configure(WLTE)
    await options.fill_duration("Wait window", minutes=5, seconds=21)
    await options.submit()
    await options.finish()
    await account.until_entry("loaded")
    again = await accounts.configure(WLTE)
    await expect(again.duration("Wait window", "minutes")).to_have_value("05")


async def test_credentials_are_changed_before_anybody_asks(
    account: Account, cloud: Simulator, page: Page
) -> None:
    """What is no secret stands in the fields; the account goes on with what was typed."""
    accounts = await IntegrationPage(page).open()
    dialogue = await accounts.reconfigure(WLTE)
    await expect(dialogue.box.locator("input[name=client_id]")).to_have_value(CLIENT_ID)
    await expect(dialogue.box.locator("input[name=client_secret]")).to_have_value("")
    await cloud.act("add_client", client_id=CLIENT_ID, secret="another secret")
    await dialogue.fill(client_secret="another secret")
    await dialogue.submit()
    await expect(dialogue.box).to_contain_text("Reconfiguration was successful")
    await dialogue.finish()
    await cloud.act("revoke_tokens")
    await account.until_entry("loaded")
    assert (await account.send("dev-7/1", "ON", wait=True))["state"] == "success"


@pytest.mark.allowed_logs(NO_ANSWER)
async def test_refused_credentials_are_replaced(
    account: Account, cloud: Simulator, page: Page
) -> None:
    """The account asks for new ones, in words and on its own page."""
    await cloud.act("add_client", client_id=CLIENT_ID, secret="another secret")
    await cloud.act("revoke_tokens")
    assert (await account.send("dev-7/1", "ON", wait=True))["state"] == "failure"

    accounts = await IntegrationPage(page).open()
    dialogue = await accounts.sign_in_again()
    await expect(dialogue.box).to_contain_text(f"does not accept the credentials of {WLTE}")
    await dialogue.submit()
    await dialogue.fill(client_secret=CLIENT_SECRET)
    await dialogue.submit()
    await expect(dialogue.error).to_have_text(REFUSED)
    await dialogue.fill(client_secret="another secret")
    await dialogue.submit()
    await expect(dialogue.box).to_contain_text("Re-authentication was successful")
    await dialogue.finish()
    await account.until_entry("loaded")
    assert (await account.send("dev-7/1", "ON", wait=True))["state"] == "success"


async def test_diagnostics_are_downloaded_without_secrets(
    account: Account, cloud: Simulator, page: Page
) -> None:
    """They are made to be shown to strangers."""
    await account.send("dev-7/1", "ON", wait=True)
    accounts = await IntegrationPage(page).open()
    diagnostics = await accounts.diagnostics(WLTE)
    assert diagnostics["data"]["state"] == "loaded"
    device = await DevicePage(page).open(await account.device("Gate"))
    of_device = await device.diagnostics()
    assert [target["id"] for target in of_device["data"]["targets"]] == ["dev-7/1", "dev-7/2"]
    text = json.dumps([diagnostics, of_device])
    assert not [secret for secret in await cloud.secrets() | {CLIENT_ID} if secret in text]


@pytest.mark.usefixtures("account")
async def test_an_account_is_removed(home: HomeAssistant, page: Page) -> None:
    """The page no longer has it, nor has Home Assistant."""
    accounts = await IntegrationPage(page).open()
    await accounts.delete(WLTE)
    await expect(accounts.account(WLTE)).to_have_count(0)
    assert await Account.all(home) == []
