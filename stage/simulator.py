"""A simulated cloud as a process of its own, and its control API."""

from collections.abc import Mapping
import json
from pathlib import Path
import sys
from typing import Any, override

from aiohttp import ClientError, ClientSession

from .patience import eventually
from .process import Process, Started, free_port


class Simulator(Started):
    """A cloud that listens on loopback and does as it is told; `act` differs by cloud."""

    def __init__(self, cloud: str, folder: Path, *, port: int = 0, **settings: object) -> None:
        """Choose a cloud, a folder for what it writes, a port if it is free, and how it is."""
        self.cloud = cloud
        port = free_port(port)
        options = (f"--set={name}={json.dumps(value)}" for name, value in settings.items())
        self._process = Process(
            *(sys.executable, "-m", "simulators", self.cloud, f"--port={port}", *options),
            output=folder / f"{cloud}-{port}.log",
        )
        self._session: ClientSession | None = None
        self.url = f"http://127.0.0.1:{port}"

    @override
    async def start(self) -> None:
        """Start, and return when it answers."""
        await self._process.start()
        self._session = ClientSession()
        await eventually(self._answers, f"{self.cloud} simulator that answers")

    @override
    async def stop(self) -> None:
        """Stop; whatever it knew is gone."""
        if self._session is not None:
            await self._session.close()
        await self._process.stop()

    # What it shall do.

    async def act(self, action: str, /, **arguments: object) -> Any:
        """Do one of the things that this cloud's simulator offers, such as `script` or `issue`."""
        answer = await self.control("POST", f"actions/{action}", arguments)
        return answer["result"]

    async def configure(self, **settings: object) -> None:
        """Change what the cloud is like."""
        await self.control("POST", "scenario", settings)

    async def fault(self, kind: str, label: str | None = None, /, **details: object) -> None:
        """Order a fault, for one kind of request or for all; see `simulators.faults`."""
        await self.control("POST", "faults", {"kind": kind, "label": label, **details})

    async def clear_faults(self) -> None:
        """Take back all faults."""
        await self.control("DELETE", "faults")

    # What it was asked and knows.

    async def requests(self, label: str | None = None, path: str = "") -> list[dict[str, Any]]:
        """Return the requests to one endpoint whose path contains a text, oldest first."""
        query = {"path": path} | ({"label": label} if label else {})
        answer = await self.control("GET", "requests", query=query)
        return list(answer["requests"])

    async def counts(self) -> Mapping[str, int]:
        """Return the number of requests by endpoint."""
        return dict((await self.control("GET", "counts"))["counts"])

    async def until_asked(self, label: str, number: int = 1) -> None:
        """Wait until there have been that many requests to an endpoint."""

        async def asked() -> bool:
            return (await self.counts()).get(label, 0) >= number

        await eventually(asked, f"request {number} to {label!r} of {self.cloud}")

    async def state(self) -> Mapping[str, Any]:
        """Return what happened inside."""
        return dict(await self.control("GET", "state"))

    async def secrets(self) -> frozenset[str]:
        """Return every password, key and token that a client has, had or was given."""
        return frozenset((await self.control("GET", "secrets"))["secrets"])

    async def control(
        self, method: str, what: str, body: object = None, query: Mapping[str, str] | None = None
    ) -> Any:
        """Ask the control API; see `simulators.control`. Raises ValueError for what it refuses."""
        assert self._session is not None, "the simulator was not started"  # noqa: S101
        url = f"{self.url}/_simulator/{what}"
        async with self._session.request(method, url, json=body, params=query) as response:
            answer = await response.json()
            if not response.ok:
                raise ValueError(answer["error"])
            return answer

    async def _answers(self) -> bool:
        self._process.check()
        try:
            await self.counts()
        except ClientError:
            return False
        return True
