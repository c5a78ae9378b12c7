"""Nothing that is secret is told, whatever goes wrong, and however much Blink says about it."""

from collections.abc import Mapping
import json
from typing import Any, Final

import pytest

from stage import DOMAIN, Account, CommandError, Flow, HomeAssistant, Simulator, eventually
from stage.programme import BLINK, blink_form

from ..privacy import leaks
from .clouds import CODE, GARDEN, HALL, NO_ANSWER, end

FAILED_SIGN_IN: Final = "The sign-in at Blink failed"
STRANGE_WORD: Final = "about a command, which is not known here"


async def gossip(cloud: Simulator) -> str:
    """Return a message that repeats what Blink knows of the user, tokens first."""
    tokens = sorted(await cloud.secrets(), key=len, reverse=True)[:3]
    private = (*tokens, BLINK.email, BLINK.phone, CODE, BLINK.account_id)
    return f"No {' '.join(map(str, private))}"


def body(message: str) -> str:
    """Return an error of Blink with a message, as its two hosts write it."""
    return json.dumps({"message": message, "code": 1, "error": message, "error_cause": message})


async def sign_in_with_trouble(flow: Flow, cloud: Simulator) -> None:
    """Take every step of the sign-in twice, the first time in vain."""
    private = f"{await gossip(cloud)} {BLINK.password}"
    for label in ("authorize", "signin_page", "signin"):
        await cloud.fault("status", label, status=400, body=body(private))
        await flow.submit(blink_form(cloud.url))
        assert flow.errors == {"base": "client_blocked"}
        assert BLINK.password not in json.dumps(flow.answer)
    await flow.submit(blink_form(cloud.url))
    for label in ("verify", "token", "tier"):
        await cloud.fault("status", label, status=500, body=body(private))
        await flow.submit({"code": CODE})
        assert flow.errors == {"base": "cannot_connect"}
    await flow.submit({"code": CODE})


async def error_of(home: HomeAssistant, action: str, call: Mapping[str, Any]) -> str:
    """Return the error that an action raises."""
    with pytest.raises(CommandError) as told:
        await home.client.act(f"{DOMAIN}.{action}", call)
    return str(told.value)


@pytest.mark.allowed_logs(NO_ANSWER, FAILED_SIGN_IN, STRANGE_WORD)
async def test_no_secret_is_told(home: HomeAssistant, cloud: Simulator) -> None:
    """Log at debug level, states, events, errors, records and diagnostics, on the worst of days."""
    client = home.client
    async with client.connection.subscribe(dict, "subscribe_events") as events:
        flow = await (await client.flow()).walk("blink", "blink_password")
        await sign_in_with_trouble(flow, cloud)
        account = Account(home, flow.entry_id)
        message = await gossip(cloud)
        network = {"config_entry_id": account.entry_id, "network_id": "1234"}
        garden = {"config_entry_id": account.entry_id, "target": GARDEN, "command": "thumbnail"}

        # Blink refuses a command, fails one, and uses words that nobody knows.
        await cloud.fault("status", "thumbnail", status=400, body=body(message))
        errors = [await error_of(home, "send_command", garden)]
        await cloud.act("script", name="failure", seconds=0, status_msg=message, times=1)
        errors.append(await error_of(home, "send_command", garden | {"wait": True}))
        await cloud.act("script", name="never", condition=message)
        record = await account.send(HALL, "thumbnail", timeout=3600)
        await cloud.fault("status", "status", status=400, body=body(message))
        errors.append(await error_of(home, "track_command", network | {"command_id": "4242"}))
        assert all("**REDACTED**" in error for error in errors)

        # It fails to answer, and then to know us.
        await cloud.fault("status", "status", status=500, body=body(message))
        await cloud.fault("status", "token", status=500, body=body(message))
        await cloud.act("expire_tokens")
        await cloud.until_asked("token", 4)
        await cloud.act("revoke_tokens")
        await cloud.act("expire_tokens")
        (reauth,) = await eventually(client.waiting_flows, "dialogue for new credentials")
        errors.append(await error_of(home, "send_command", garden))
        told = {"events": events.messages, "errors": errors}
        assert await leaks(await cloud.secrets(), account, home, **told) == []

        await reauth.walk({}, "blink_password")
        await sign_in_with_trouble(reauth, cloud)
        assert reauth.reason == "reauth_successful"
        await account.until_entry("loaded")
        await end(cloud, record)
        assert (await account.until_final(record["tracking_id"]))["state"] == "success"
        assert await leaks(await cloud.secrets(), account, home, **told) == []
    assert any(event["event_type"] == f"{DOMAIN}_finished" for event in events.messages)
    await account.remove()
