"""Machines that work off jobs; it stands for any service, so it is plain and does as it is told.

It takes a token, a name with a password, a key in a header or in the query, and tokens of a login
or of OAuth 2.0, all at the same paths: a description says which of them it uses. A job's `key` that
came before is 409. Lists come in pages of two.
"""

from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
import json
from typing import Any, ClassVar, Final, override
from urllib.parse import parse_qs

from aiohttp import web

from simulators.base import Endpoint, Refusal, Simulator, json_answer
from simulators.faults import Handler

TOKEN: Final = "jobs-token-77ab31c0"  # noqa: S105 - opens nothing but the simulator
USERNAME: Final = "operator"
PASSWORD: Final = "jobs-password-5c1e"  # noqa: S105
REFRESH_TOKEN: Final = "jobs-refresh-0"  # noqa: S105
PAGE: Final = 2


def _decoded(word: str) -> tuple[str, str]:
    """Return the name and the password of basic authentication."""
    name, _, password = b64decode(word).decode().partition(":")
    return name, password


@dataclass(slots=True)
class RestSettings:
    """What can be changed while the simulator runs."""

    takes: float = 1.0
    """Seconds until a job is over."""
    waits: float = 0.0
    """Seconds that a job waits in the queue, under another id, before it gets its own."""
    lifetime: int = 3600
    """Seconds of a token of the login."""
    stale_status: int = 401
    """What an old token is answered with."""
    machines: int = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """How jobs end."""

    state: str = "done"
    why: str | None = None
    after: float | None = None
    """Seconds; None: as the settings say."""


@dataclass(slots=True)
class Job:
    """A job, and what becomes of it."""

    id: str
    machine: str
    order: Mapping[str, Any]
    state: str
    why: str | None
    begun_at: float
    over_at: float
    stopped: bool = False


class RestSimulator(Simulator[RestSettings]):
    """A service with machines on loopback."""

    name: ClassVar[str] = "rest"

    jobs: dict[str, Job]
    """By id, oldest first."""

    def __init__(self, settings: RestSettings | None = None, **kwargs: Any) -> None:
        """Build the service; the keywords are the clock's, see `Simulator`."""
        super().__init__(settings or RestSettings(), **kwargs)

    @override
    def endpoints(self) -> Iterable[Endpoint]:
        guarded = self._guarded
        yield Endpoint("login", "POST", "/login", self._login)
        yield Endpoint("oauth", "POST", "/oauth/token", self._oauth)
        yield Endpoint("check", "GET", "/api/me", guarded(self._me))
        yield Endpoint("machines", "GET", "/api/machines", guarded(self._machines))
        yield Endpoint("create", "POST", "/api/machines/{machine}/jobs", guarded(self._create))
        yield Endpoint("batch", "GET", "/api/jobs", guarded(self._batch))
        yield Endpoint("status", "GET", "/api/jobs/{job}", guarded(self._status))
        yield Endpoint("queue", "GET", "/api/queue/{job}", guarded(self._queue))
        yield Endpoint("output", "GET", "/api/jobs/{job}/output", guarded(self._output))
        yield Endpoint("cancel", "DELETE", "/api/jobs/{job}", guarded(self._cancel))

    @override
    def build(self) -> None:
        self.jobs = {}
        self.key_works = True
        self._numbers = count(1)
        self._tokens: dict[str, float] = {}
        self._refresh_token = REFRESH_TOKEN
        self._scripts: dict[str | None, Script] = {None: Script()}
        self.secrets |= {TOKEN, PASSWORD, REFRESH_TOKEN}

    @override
    def error_body(self, status: int) -> str:
        return json.dumps({"error": {"message": f"status {status}"}})

    # What a test does with it.

    @override
    def actions(self) -> Mapping[str, Callable[..., object]]:
        return {"script": self.script, "issue": self.issue, "forget": self.forget}

    @override
    def state(self) -> dict[str, Any]:
        return {"jobs": [self._plain(job) | {"order": job.order} for job in self.jobs.values()]}

    def script(
        self,
        state: str = "done",
        why: str | None = None,
        after: float | None = None,
        machine: str | None = None,
    ) -> None:
        """Say how the next jobs end, of one machine or of all that have no script of their own."""
        self._scripts[machine] = Script(state=state, why=why, after=after)

    def issue(self, machine: str = "m1", **order: Any) -> str:
        """Make a job as somebody else would."""
        return self._take(machine, order).id

    def finish(self, *job_ids: str, state: str = "done") -> None:
        """End jobs now."""
        for job_id in job_ids:
            self.jobs[job_id].state = state
            self.jobs[job_id].over_at = self.clock()

    def forget(self, job_id: str) -> None:
        """Know a job no more."""
        del self.jobs[job_id]

    def expire_tokens(self) -> None:
        """Let the tokens of logins be old now."""
        self._tokens = dict.fromkeys(self._tokens, self.clock())

    # How it answers.

    def _guarded(self, handler: Handler) -> Handler:
        """Ask for credentials first."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            status = self._refusal(request)
            if status is not None:
                raise Refusal(json_answer({"error": {"message": "who are you?"}}, status))
            return await handler(request)

        return guarded

    def _refusal(self, request: web.Request) -> int | None:
        """Return the status that a request without good credentials gets."""
        scheme, _, word = request.headers.get("Authorization", "").partition(" ")
        token = request.headers.get("X-API-Key") or request.query.get("api_key") or word
        if not self.key_works:
            return 401
        if token in self._tokens:
            return None if self.clock() < self._tokens[token] else self.settings.stale_status
        if scheme == "Basic" and _decoded(word) == (USERNAME, PASSWORD):
            return None
        return None if token == TOKEN else 401

    async def _login(self, request: web.Request) -> web.Response:
        body = await request.json()
        if not self.key_works or (body["username"], body["password"]) != (USERNAME, PASSWORD):
            raise Refusal(json_answer({"error": {"message": "wrong password"}}, 401))
        return json_answer({"token": self._new_token()}, 201)

    async def _oauth(self, request: web.Request) -> web.Response:
        form = {key: values[0] for key, values in parse_qs(await request.text()).items()}
        basic = request.headers.get("Authorization", "")
        client = (form.get("client_id", ""), form.get("client_secret", ""))
        if basic:
            client = _decoded(basic.removeprefix("Basic "))
        refreshing = form["grant_type"] == "refresh_token"
        stale = refreshing and form["refresh_token"] != self._refresh_token
        if not self.key_works or client != (USERNAME, PASSWORD) or stale:
            raise Refusal(json_answer({"error": "invalid_client"}, 400))
        told: dict[str, Any] = {
            "access_token": self._new_token(),
            "expires_in": self.settings.lifetime,
            "token_type": "bearer",
        }
        if refreshing:
            self._refresh_token = f"jobs-refresh-{next(self._numbers)}"
            self.secrets.add(self._refresh_token)
            told["refresh_token"] = self._refresh_token
        return json_answer(told)

    def _new_token(self) -> str:
        token = f"jobs-session-{next(self._numbers)}"
        self._tokens[token] = self.clock() + self.settings.lifetime
        self.secrets.add(token)
        return token

    async def _me(self, _: web.Request) -> web.Response:
        return json_answer({"me": USERNAME})

    async def _machines(self, request: web.Request) -> web.Response:
        start = int(request.query.get("after", "0"))
        end = min(start + PAGE, self.settings.machines)
        machines = [
            {"id": f"m{n}", "name": f"Machine {n}", "state": "online", "site": f"site-{n}"}
            for n in range(start + 1, end + 1)
        ]
        following = str(end) if end < self.settings.machines else None
        link = None if following is None else f"/api/machines?after={following}"
        return json_answer({"machines": machines, "after": following, "link": link})

    async def _create(self, request: web.Request) -> web.Response:
        machine = request.match_info["machine"]
        if int(machine.removeprefix("m")) > self.settings.machines:
            raise Refusal(json_answer({"error": {"message": "no such machine"}}, 404))
        order = await request.json()
        key = order.get("key")
        for job in self.jobs.values():
            if key is not None and job.order.get("key") == key:
                refusal = {"error": {"message": "known already", "job": job.id}}
                raise Refusal(json_answer(refusal, 409))
        job = self._take(machine, order)
        told = {"job": self._plain(job), "status_url": f"{self.url}/api/jobs/{job.id}"}
        queue = {"Location": f"{self.url}/api/queue/q{job.id}/"}
        return json_answer(told, 201, headers=queue)

    def _take(self, machine: str, order: Mapping[str, Any]) -> Job:
        """Take a job in."""
        script = self._scripts.get(machine, self._scripts[None])
        begun_at = self.clock() + self.settings.waits
        over_at = begun_at + (self.settings.takes if script.after is None else script.after)
        number = f"j{next(self._numbers)}"
        job = Job(number, machine, order, script.state, script.why, begun_at, over_at)
        self.jobs[job.id] = job
        return job

    async def _status(self, request: web.Request) -> web.Response:
        return json_answer({"job": self._plain(self._known(request))})

    async def _batch(self, request: web.Request) -> web.Response:
        ids = request.query["ids"].split(",")
        jobs = [self._plain(self.jobs[job_id]) for job_id in ids if job_id in self.jobs]
        return json_answer({"jobs": [{"job": job} for job in jobs]})

    async def _queue(self, request: web.Request) -> web.Response:
        job = self.jobs.get(request.match_info["job"].removeprefix("q"))
        if job is None:
            raise Refusal(json_answer({"error": {"message": "no such item"}}, 404))
        begun = self.clock() >= job.begun_at
        return json_answer({"item": {"job": job.id if begun else None, "dropped": job.stopped}})

    async def _output(self, request: web.Request) -> web.Response:
        job = self._known(request)
        return json_answer({"lines": [f"{job.id} was made"], "token": TOKEN})

    async def _cancel(self, request: web.Request) -> web.Response:
        job = self._known(request)
        if self.clock() >= job.over_at:
            raise Refusal(json_answer({"error": {"message": "over already"}}, 409))
        job.stopped, job.state, job.over_at = True, "stopped", self.clock()
        return web.Response(status=204)

    def _known(self, request: web.Request) -> Job:
        """Return the job that a request is about."""
        job = self.jobs.get(request.match_info["job"])
        if job is None:
            raise Refusal(json_answer({"error": {"message": "no such job"}}, 404))
        return job

    def _plain(self, job: Job) -> dict[str, Any]:
        """Return what is told of a job."""
        over = self.clock() >= job.over_at
        return {
            "id": job.id,
            "state": job.state if over else "working",
            "why": job.why if over else None,
            "done": 10 if over else 4,
            "total": "10",
            "at": self.now_utc().isoformat(),
        }
