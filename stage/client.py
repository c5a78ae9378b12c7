"""Home Assistant from the outside: what a user's browser can see and do."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
import json
import time
from typing import Any, Final, Self

from aiohttp import ClientResponse, ClientSession

from .automations import Run
from .connection import Connection, Json, Subscription
from .errors import HttpError
from .flow import Flow, FlowKind
from .patience import PATIENCE, eventually

DOMAIN: Final = "command_status"
"""The integration that is on stage."""

GONE: Final[Json] = {"state": None, "attributes": {}}
"""Stands for the state of an entity that does not exist."""


class Client:
    """A user who is logged in."""

    def __init__(
        self, session: ClientSession, url: str, tokens: Mapping[str, Any], connection: Connection
    ) -> None:
        """Hold the two ways to Home Assistant."""
        self._session = session
        self._tokens = tokens
        self._access_token: str = tokens["access_token"]
        self._renew_at = _half_of_its_life(tokens)
        self.connection = connection
        self.url = url

    # Logging in.

    @classmethod
    async def log_in(cls, session: ClientSession, url: str, user: str, password: str) -> Self:
        """Type name and password into the login page; raises HttpError where they are wrong."""
        who = f"{url}/"
        start = {"client_id": who, "handler": ["homeassistant", None], "redirect_uri": who}
        form = await _request(session, "POST", f"{url}/auth/login_flow", start)
        typed = {"client_id": who, "username": user, "password": password}
        path = f"{url}/auth/login_flow/{form['flow_id']}"
        answer = await _request(session, "POST", path, typed)
        if answer["type"] != "create_entry":
            raise HttpError(path, HTTPStatus.FORBIDDEN, str(answer.get("errors")))
        return await cls.from_code(session, url, answer["result"])

    @classmethod
    async def from_code(cls, session: ClientSession, url: str, code: str) -> Self:
        """Turn the code that ends a login or the onboarding into tokens, and connect."""
        form = {"grant_type": "authorization_code", "code": code, "client_id": f"{url}/"}
        async with session.post(f"{url}/auth/token", data=form) as response:
            tokens = await _answer(response)
        connection = await Connection.open(session, url, tokens["access_token"])
        return cls(session, url, tokens, connection)

    @property
    def browser_tokens(self) -> Json:
        """What a browser that is logged in keeps in `localStorage["hassTokens"]`."""
        ours = {"hassUrl": self.url, "clientId": f"{self.url}/"}
        return {**self._tokens, **ours, "expires": 2**53 - 1}

    async def close(self) -> None:
        """Hang up."""
        await self.connection.close()

    # The two ways.

    async def request(self, method: str, path: str, body: object = None) -> Any:
        """Ask the HTTP API; raises HttpError."""
        if time.monotonic() > self._renew_at:
            await self._renew()
        token = {"Authorization": f"Bearer {self._access_token}"}
        return await _request(self._session, method, f"{self.url}{path}", body, token)

    async def command(self, kind: str, /, **fields: Any) -> Any:
        """Ask over the WebSocket; raises CommandError."""
        return await self.connection.command(kind, **fields)

    async def _renew(self) -> None:
        """Get another access token, as a browser does: each is good for half an hour only."""
        form = {
            "grant_type": "refresh_token",
            "refresh_token": self._tokens["refresh_token"],
            "client_id": f"{self.url}/",
        }
        async with self._session.post(f"{self.url}/auth/token", data=form) as response:
            renewed = await _answer(response)
        self._access_token = renewed["access_token"]
        self._renew_at = _half_of_its_life(renewed)

    # Dialogues.

    async def flow(self, kind: FlowKind = FlowKind.CONFIG, **start: Any) -> Flow:
        """Begin a dialogue; without further words the one that adds an account."""
        return await Flow.start(self.request, kind, **({"handler": DOMAIN} | start))

    async def waiting_flows(self) -> list[Flow]:
        """Return the dialogues of our integration that Home Assistant asks the user to begin."""
        waiting = await self.command("config_entries/flow/progress")
        return [
            await Flow.resume(self.request, FlowKind.CONFIG, flow["flow_id"])
            for flow in waiting
            if flow["handler"] == DOMAIN
        ]

    # Actions.

    async def act(self, action: str, data: Mapping[str, Any] | None = None, /) -> None:
        """Call an action (`automation.turn_off`) without a response; raises CommandError."""
        await self._call(action, data, return_response=False)

    async def lasting_ids(self) -> dict[str, str]:
        """Return the ids of all entities that no new name changes, by the ids they have now."""
        listed = await self.command("config/entity_registry/list")
        return {entity["entity_id"]: entity["id"] for entity in listed}

    async def ask(self, action: str, data: Mapping[str, Any] | None = None, /) -> Any:
        """Call an action for its response; raises CommandError."""
        result = await self._call(action, data, return_response=True)
        return result["response"]

    async def _call(
        self, action: str, data: Mapping[str, Any] | None, *, return_response: bool
    ) -> Any:
        domain, service = action.split(".")
        return await self.command(
            "call_service",
            domain=domain,
            service=service,
            service_data=dict(data or {}),
            return_response=return_response,
        )

    # States and events.

    async def states(self) -> dict[str, Json]:
        """Return the state of every entity, with its attributes, by entity id."""
        return {state["entity_id"]: state for state in await self.command("get_states")}

    async def state(self, entity_id: str) -> Json:
        """Return the state of one entity; `GONE` where there is none."""
        try:
            found: Json = await self.request("GET", f"/api/states/{entity_id}")
        except HttpError as err:
            if err.status != HTTPStatus.NOT_FOUND:
                raise
            return dict(GONE)
        return found

    @asynccontextmanager
    async def events(self, event_type: str) -> AsyncIterator[Subscription]:
        """Collect the data of all events of one type."""
        async with self.connection.subscribe(
            lambda event: event["data"], "subscribe_events", event_type=event_type
        ) as heard:
            yield heard

    @asynccontextmanager
    async def watch(self, *entity_ids: str) -> AsyncIterator[Subscription]:
        """Collect every change of some entities: the new state with its attributes, or `GONE`."""
        trigger = {"trigger": "state", "entity_id": list(entity_ids)}
        async with self.connection.subscribe(
            lambda event: event["variables"]["trigger"]["to_state"] or GONE,
            "subscribe_trigger",
            trigger=trigger,
        ) as changes:
            yield changes

    async def until_state(
        self, entity_id: str, state: str, *, within: float = PATIENCE, **attributes: Any
    ) -> Json:
        """Return an entity's state as soon as it has this word and these attributes."""

        def fits(seen: Json) -> bool:
            told = {"state": seen["state"], **seen["attributes"]}
            return {"state": state, **attributes}.items() <= told.items()

        async with self.watch(entity_id) as changes:
            changes.messages.append(await self.state(entity_id))
            found: Json = (await changes.until(fits, within=within))[0]
            return found

    # Automations.

    async def add_automation(self, automation_id: str, config: Mapping[str, Any]) -> str:
        """Save an automation as the editor does, and return its entity id once it listens."""
        path = f"/api/config/automation/config/{automation_id}"
        await self.request("POST", path, {"alias": automation_id, **config})

        async def listening() -> str | None:
            automations = (
                state
                for entity_id, state in (await self.states()).items()
                if entity_id.startswith("automation.")
                and state["attributes"].get("id") == automation_id
            )
            return next((each["entity_id"] for each in automations if each["state"] == "on"), None)

        return await eventually(listening, f"automation {automation_id!r} that listens") or ""

    async def remove_automation(self, automation_id: str) -> None:
        """Delete an automation as the editor does."""
        await self.request("DELETE", f"/api/config/automation/config/{automation_id}")

    async def traces(self, automation_id: str) -> list[Mapping[str, Any]]:
        """Return the traces of an automation, as Home Assistant keeps them."""
        item = {"domain": "automation", "item_id": automation_id}
        listed = await self.command("trace/list", **item)
        return [await self.command("trace/get", **item, run_id=each["run_id"]) for each in listed]

    async def runs(self, automation_id: str) -> list[Run]:
        """Return the finished runs of an automation from its traces, oldest first."""
        finished = [
            Run.from_trace(trace)
            for trace in await self.traces(automation_id)
            if trace["script_execution"] == "finished"  # and not: its conditions did not hold
        ]
        return sorted(finished, key=lambda run: run.started)

    async def until_runs(
        self, automation_id: str, tracking_id: str, *, number: int = 1, within: float = PATIENCE
    ) -> list[Run]:
        """Return an automation's runs for one command as soon as there are that many."""

        async def ran() -> list[Run]:
            all_runs = await self.runs(automation_id)
            found = [run for run in all_runs if run.tracking_id == tracking_id]
            return found if len(found) >= number else []

        what = f"run {number} of {automation_id!r} for {tracking_id}"
        return await eventually(ran, what, within=within)


def _half_of_its_life(tokens: Mapping[str, Any]) -> float:
    """Return when an access token that was handed out now has lived half of its life."""
    return time.monotonic() + float(tokens["expires_in"]) / 2


async def _request(
    session: ClientSession,
    method: str,
    url: str,
    body: object = None,
    headers: Mapping[str, str] | None = None,
) -> Any:
    async with session.request(method, url, json=body, headers=headers) as response:
        return await _answer(response)


async def _answer(response: ClientResponse) -> Any:
    """Return what was answered, as JSON where it calls itself so; raises HttpError."""
    text = await response.text()
    if not response.ok:
        raise HttpError(f"{response.method} {response.url.path}", response.status, text)
    return json.loads(text) if response.content_type == "application/json" else text
