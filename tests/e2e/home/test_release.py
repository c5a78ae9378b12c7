"""The very zip of a release, in a Home Assistant that never saw this integration."""

from collections.abc import AsyncIterator
from pathlib import Path
import shutil
from typing import Final
from zipfile import ZipFile

from aiohttp import ClientSession
import pytest
import pytest_asyncio

from scripts import make_package
from stage import DOMAIN, ROOT, Account, HomeAssistant, Simulator, complaints

from .conftest import SIGN_IN

BRAND: Final = ROOT / "custom_components" / DOMAIN / "brand"
FORBIDDEN: Final = 403


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def installed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HomeAssistant]:
    """Start a Home Assistant into which the zip was unpacked.

    HACS and the Marketplace do no more than that: they unpack it into the folder of its domain.
    """
    work = tmp_path_factory.mktemp("release")
    for name in ("custom_components", "hacs.json"):
        (work / name).symlink_to(ROOT / name)
    archive = make_package.make(work)
    home = HomeAssistant(work / "home")
    home._prepare()
    folder = home.folder / "custom_components" / DOMAIN
    shutil.rmtree(folder)
    with ZipFile(archive) as file:
        file.extractall(folder)
    async with home:
        yield home


async def test_it_loads_adds_an_account_and_sends_a_command(
    installed: HomeAssistant, cloud: Simulator
) -> None:
    """And nobody complains in its log."""
    account = await Account.add(installed, *SIGN_IN["wlte"](cloud.url))
    await account.until_entry("loaded")
    record = await account.send("dev-7/1", "JOG", wait=True)
    assert record["state"] == "success"
    sensor = await account.entity("sensor", "command", "dev-7/1")
    await installed.client.until_state(sensor, "success", tracking_id=record["tracking_id"])
    await account.remove()
    assert complaints(installed.log) == []


@pytest.mark.parametrize("image", sorted(path.name for path in BRAND.iterdir()))
async def test_its_images_are_served(installed: HomeAssistant, image: str) -> None:
    """To whoever has the token of the page, as an image of the page is asked for."""
    token = (await installed.client.command("brands/access_token"))["token"]
    url = f"{installed.url}/api/brands/integration/{DOMAIN}/{image}"
    async with ClientSession() as session:
        async with session.get(url) as refused:
            assert refused.status == FORBIDDEN
        async with session.get(url, params={"token": token}) as response:
            assert response.content_type == "image/png"
            assert await response.read() == (BRAND / image).read_bytes()


def test_what_is_installed_is_what_is_here(installed: HomeAssistant) -> None:
    """Not a file more or less."""
    folder: Path = installed.folder / "custom_components" / DOMAIN
    unpacked = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert unpacked == make_package.source_files(ROOT)
