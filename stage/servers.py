"""Real servers, as their own projects publish them: what descriptions of APIs are tried against."""

from abc import abstractmethod
from collections.abc import Mapping
import json
from pathlib import Path
from typing import Any, ClassVar, Final, override

from aiohttp import ClientError, ClientSession, encode_basic_auth

from .patience import eventually
from .process import ROOT, Process, Started, free_port

PROGRAMS: Final = ROOT / ".venv-servers" / "bin"
"""Where `scripts/setup` puts them."""


class Server(Started):
    """A server on loopback, as a process of its own."""

    ENVIRONMENT: ClassVar[Mapping[str, str]] = {}

    def __init__(self, folder: Path) -> None:
        """Choose a folder for all that it writes, and a port."""
        self.folder = folder
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.process = Process(
            *self.command(self._port),
            output=folder / f"{type(self).__name__.lower()}.log",
            environment={"HOME": str(folder), "PYTHONPATH": str(folder), **self.ENVIRONMENT},
        )

    @abstractmethod
    def command(self, port: int) -> tuple[str | Path, ...]:
        """Write down its configuration, and return what to start."""

    @abstractmethod
    async def ask(self, session: ClientSession) -> Any:
        """Ask it something that it answers as soon as it is there."""

    @override
    async def start(self) -> None:
        """Start, and return when it answers."""
        await self.process.start()
        await eventually(self._answers, f"{type(self).__name__} that answers")

    @override
    async def stop(self) -> None:
        """Stop it."""
        await self.process.stop()

    async def _answers(self) -> bool:
        self.process.check()
        try:
            async with ClientSession() as session:
                await self.ask(session)
        except ClientError:
            return False
        return True


class Aria2(Server):
    """The download manager aria2, with its JSON-RPC interface."""

    SECRET: Final = "aria2-secret-5b1f"  # noqa: S105 - of a server that listens on loopback only

    @override
    def command(self, port: int) -> tuple[str | Path, ...]:
        return (
            PROGRAMS / "aria2c",
            "--no-conf",
            "--enable-rpc",
            f"--rpc-listen-port={port}",
            f"--rpc-secret={self.SECRET}",
            f"--dir={self.folder}",
            "--max-tries=1",
            "--file-allocation=none",
        )

    async def call(self, session: ClientSession, method: str, *arguments: Any) -> Any:
        """Return the result of a call; raises ClientError."""
        body = {
            "jsonrpc": "2.0",
            "id": "1",
            "method": f"aria2.{method}",
            "params": [f"token:{self.SECRET}", *arguments],
        }
        async with session.post(f"{self.url}/jsonrpc", json=body) as response:
            response.raise_for_status()
            return json.loads(await response.text())["result"]

    @override
    async def ask(self, session: ClientSession) -> Any:
        return await self.call(session, "getVersion")

    async def downloads(self) -> list[str]:
        """Return the names of all files that it was ever told to download, but for paths."""
        async with ClientSession() as session:
            told = [
                *await self.call(session, "tellActive"),
                *await self.call(session, "tellWaiting", 0, 1000),
                *await self.call(session, "tellStopped", 0, 1000),
            ]
        return [Path(download["files"][0]["path"]).name for download in told]


SPIDER: Final = '''\
import asyncio

from scrapy import Spider


class Patient(Spider):
    """Waits for a while, and fetches nothing."""

    name = "patient"

    async def start(self):
        await asyncio.sleep(float(getattr(self, "seconds", "0")))
        return
        yield
'''


class Scrapyd(Server):
    """Scrapyd, which runs spiders, with one project that has one spider."""

    USERNAME: Final = "operator"
    PASSWORD: Final = "scrapyd-password-90ac"  # noqa: S105 - of a server on loopback
    PROJECT: Final = "house"
    ENVIRONMENT: ClassVar = {
        "SCRAPY_SETTINGS_MODULE": "patient_spiders.settings",
        # It tells of a library of its own that is old, and takes that for a spider's failure.
        "PYTHONWARNINGS": "ignore",
    }

    @override
    def command(self, port: int) -> tuple[str | Path, ...]:
        package = self.folder / "patient_spiders"
        package.mkdir()
        (package / "__init__.py").write_text(SPIDER)
        settings = "SPIDER_MODULES = ['patient_spiders']\nTELNETCONSOLE_ENABLED = False\n"
        (package / "settings.py").write_text(settings)
        (self.folder / ".scrapyd.conf").write_text(
            f"[scrapyd]\nhttp_port = {port}\nusername = {self.USERNAME}\n"
            f"password = {self.PASSWORD}\npoll_interval = 0.2\nmax_proc = 8\n"
            f"eggs_dir = {self.folder}/eggs\nlogs_dir = {self.folder}/logs\n"
            f"dbs_dir = {self.folder}/dbs\n"
            f"[settings]\n{self.PROJECT} = patient_spiders.settings\n"
        )
        return (PROGRAMS / "scrapyd", "--pidfile=")

    @override
    async def ask(self, session: ClientSession) -> Any:
        headers = {"Authorization": encode_basic_auth(self.USERNAME, self.PASSWORD)}
        async with session.get(f"{self.url}/daemonstatus.json", headers=headers) as response:
            response.raise_for_status()
            return await response.json(content_type=None)
