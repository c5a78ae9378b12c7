"""A real Home Assistant in a folder of its own, on a port of its own."""

from http import HTTPStatus
import json
import os
from pathlib import Path
import shutil
from typing import Any, Final, override

from aiohttp import ClientError, ClientSession

from .client import DOMAIN, Client
from .patience import eventually
from .process import ROOT, Launch, Process, Started, execute, free_port

USER: Final = "demo"
PASSWORD: Final = "command-status"  # noqa: S105 - of a Home Assistant that listens on loopback only

RESTART: Final = 100
"""The exit code with which Home Assistant asks whoever started it to start it again."""

BOOT: Final = 180.0
"""Seconds that a start may take. It takes about ten; a busy small machine may need many more."""

CONFIGURATION: Final = """\
homeassistant:
  name: Command Status
  latitude: 52
  longitude: 5
  elevation: 0
  unit_system: metric
  time_zone: UTC
  country: NL
logger:
  default: warning
  logs:
    custom_components.command_status: debug
history:
logbook:
automation: !include automations.yaml
script: !include scripts.yaml
"""

# Everything but the user's account, which is made through the API: the other steps would set up
# integrations that look for services on the internet.
ONBOARDING: Final = {"done": ["core_config", "analytics", "integration"]}


def _http(port: int) -> dict[str, Any]:
    """Return settings that Home Assistant takes for confirmed by the user.

    Any other way to choose address and port is a trial that it reverts after five minutes.
    """
    return {
        "stable": {
            "server_host": ["127.0.0.1"],
            "server_port": port,
            "cors_allowed_origins": ["https://cast.home-assistant.io"],
            "login_attempts_threshold": -1,
            "ip_ban_enabled": True,
            "ssl_profile": "intermediate",
            "use_x_frame_options": True,
            "created_at": "2026-11-01T00:00:00+00:00",
            "error": None,
            "error_message": None,
        },
        "pending": None,
        "yaml_migration_done": True,
    }


class HomeAssistant(Started):
    """Home Assistant with our integration, and a user who is logged in.

    `client` is that user; after every start it is a new one. The folder keeps everything, so that
    `start` after `stop` or `kill` is what a restart of the machine is.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        environment: Path = ROOT / ".venv-homeassistant",
        things: str = "",
        launch: Launch = execute,
    ) -> None:
        """Choose a folder for the configuration, a port if it is free, and what to start, and how.

        `things` is what stands in the house, as YAML.
        """
        self.folder = folder
        self._things = things
        self._port = free_port(port)
        programs = environment / "bin"
        self.process = Process(
            programs / "hass",
            *("--config", folder, "--log-no-color"),
            output=folder / "console.log",
            # Home Assistant looks for uv there, for what it installs while it runs.
            environment={"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
            launch=launch,
        )
        self.url = f"http://127.0.0.1:{self._port}"
        self._session: ClientSession | None = None
        self._client: Client | None = None

    @property
    def client(self) -> Client:
        """The user who is logged in; raises RuntimeError while Home Assistant is not running."""
        if self._client is None:
            message = "Home Assistant is not running"
            raise RuntimeError(message)
        return self._client

    @override
    async def start(self) -> Client:
        """Start, wait until it is running, and log in."""
        self._prepare()
        await self.process.start()
        self._session = ClientSession()
        status = await eventually(self._onboarding, "Home Assistant that answers", within=BOOT)
        if status == HTTPStatus.NOT_FOUND:  # it is over
            self._client = await Client.log_in(self._session, self.url, USER, PASSWORD)
        else:
            self._client = await self._onboard(self._session)
        await eventually(self._running, "Home Assistant that is running", within=BOOT)
        return self._client

    @override
    async def stop(self) -> None:
        """Stop as the system does (SIGTERM): everything is written down."""
        await self.process.stop()
        await self._hang_up()

    async def kill(self) -> None:
        """Stop as a power cut does (SIGKILL)."""
        await self.process.kill()
        await self._hang_up()

    async def restart(self) -> Client:
        """Stop in order, and start again."""
        await self.stop()
        return await self.start()

    async def until_ended(self) -> int:
        """Wait until it ends by itself; return its exit code, `RESTART` where it asks for that."""
        code = await self.process.until_ended()
        await self._hang_up()
        return code

    # What lies in its folder.

    def describe(self, *descriptions: Path) -> None:
        """Put descriptions of APIs where users put their own."""
        folder = self.folder / DOMAIN
        folder.mkdir(parents=True, exist_ok=True)
        for description in descriptions:
            shutil.copy(description, folder)

    @property
    def log(self) -> str:
        """Everything that it has written to its log, over all starts."""
        return self.process.output.read_text(errors="replace")

    def stored(self, key: str) -> Any:
        """Return the data of a file in `.storage`, or None where there is none."""
        path = self.folder / ".storage" / key
        return json.loads(path.read_text())["data"] if path.exists() else None

    async def until_stored(self, text: str, *keys: str) -> None:
        """Wait until files in `.storage` contain a text: it survives a SIGKILL then."""

        async def stored() -> bool:
            return all(text in json.dumps(self.stored(key)) for key in keys)

        await eventually(stored, f"{text!r} in .storage: {', '.join(keys)}")

    # How it is made and found.

    def _prepare(self) -> None:
        """Make the folder, if this is its first start."""
        if (self.folder / "configuration.yaml").exists():
            return
        components = self.folder / "custom_components"
        components.mkdir(parents=True, exist_ok=True)
        (self.folder / ".storage").mkdir()
        # The older of the versions of Home Assistant that are tested; the newer one reads it, too.
        self._store("http", _http(self._port), version=2)
        # A copy, so that a restart loads what the start has loaded, whatever is edited meanwhile.
        shutil.copytree(
            ROOT / "custom_components" / DOMAIN,
            components / DOMAIN,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        self._store("onboarding", ONBOARDING, version=4)
        (self.folder / "configuration.yaml").write_text(CONFIGURATION + self._things)
        (self.folder / "automations.yaml").write_text("[]\n")
        (self.folder / "scripts.yaml").write_text("{}\n")

    def _store(self, key: str, data: object, *, version: int) -> None:
        content = {"version": version, "minor_version": 1, "key": key, "data": data}
        (self.folder / ".storage" / key).write_text(json.dumps(content))

    async def _onboarding(self) -> int | None:
        """Return the status of the onboarding's page; None while nobody answers."""
        self.process.check()
        assert self._session is not None  # noqa: S101
        try:
            async with self._session.get(f"{self.url}/api/onboarding") as response:
                return response.status
        except ClientError:
            return None

    async def _onboard(self, session: ClientSession) -> Client:
        user = {
            "client_id": f"{self.url}/",
            "name": "Demo",
            "username": USER,
            "password": PASSWORD,
            "language": "en",
        }
        async with session.post(f"{self.url}/api/onboarding/users", json=user) as response:
            response.raise_for_status()
            answer = await response.json()
        client = await Client.from_code(session, self.url, answer["auth_code"])
        await self.until_stored("Demo", "auth")  # it is saved a moment later
        return client

    async def _running(self) -> bool:
        self.process.check()
        return bool((await self.client.command("get_config"))["state"] == "RUNNING")

    async def _hang_up(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None
        if self._session is not None:
            await self._session.close()
            self._session = None
