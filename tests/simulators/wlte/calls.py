"""The calls of the WLTE interface, in the words of its documentation."""

from tests.simulators.client import Answer, Client

ROOT = "/wlte/v1"


async def log_in(client: Client, client_id: str, secret: str) -> Answer:
    """Ask for a token."""
    body = {"clientId": client_id, "clientSecret": secret}
    return await client.ask("POST", f"{ROOT}/auth/token", body)


async def create(
    client: Client,
    relays: dict[int, str] | None = None,
    *,
    device: str = "dev-7",
    key: str = "key-1",
) -> Answer:
    """Make a command by the path of G3."""
    rows = [{"index": i, "action": action} for i, action in (relays or {1: "ON"}).items()]
    path = f"{ROOT}/devices/{device}/relays/commands"
    return await client.ask("POST", path, {"relays": rows}, {"Idempotency-Key": key})


async def create_old(
    client: Client, relay: int = 1, action: str = "ON", *, device: str = "dev-7", key: str = "key-1"
) -> Answer:
    """Make a command by the path of G1 and G2."""
    path = f"{ROOT}/devices/{device}/relays/{relay}/commands"
    return await client.ask("POST", path, {"action": action}, {"Idempotency-Key": key})


async def look_up(client: Client, command: str = "cmd-1") -> Answer:
    """Ask where a command is."""
    return await client.ask("GET", f"{ROOT}/commands/{command}")


async def status(client: Client, command: str = "cmd-1") -> str | None:
    """Return where a command is; None: the answer does not say."""
    word: str | None = (await look_up(client, command)).json["data"].get("status")
    return word
