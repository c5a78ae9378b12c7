"""What Blink says when it says no: the known bodies, and the few that had to be invented."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from ..base import json_answer


@dataclass(frozen=True, slots=True)
class Error:
    """An error of the REST host: `{message, code}`, at times with a 200."""

    status: int
    message: str
    code: int

    def answer(self) -> web.Response:
        """Return it as an answer."""
        body = {"message": self.message, "error": None, "code": self.code}
        return json_answer(body, self.status)


UNAUTHORIZED: Final = Error(401, "Unauthorized Access", 101)
CAMERA_NOT_FOUND: Final = Error(404, "Camera not found", 500)
"""Body: BlinkMonitorProtocol#63; status: blinkpy#290."""
NETWORK_NOT_FOUND: Final = Error(404, "Network not found", 404)
"""Free choice: not known."""
FOREIGN_ACCOUNT: Final = Error(403, "Forbidden", 403)
"""Free choice: not known."""
WRONG_DEVICE_TYPE: Final = Error(400, "Invalid device type", 1630)
"""The code is known; the case and the status are a free choice."""
DONE: Final = Error(200, "Command has been set to done", 902)
"""The code is checked by blink-liveview-middleware; the words are a free choice."""

_BUSY: Final = "System is busy, please wait"
REFUSALS: Final[Mapping[str, Error]] = {
    "busy_409": Error(409, _BUSY, 307),
    "busy_200": Error(200, _BUSY, 307),
    "no_cameras": Error(200, "No Cameras Enabled for Motion", 304),
    "motion_off": Error(400, "Motion capture not enabled for device", 2805),
    "camera_not_found": CAMERA_NOT_FOUND,
    "unauthorized": UNAUTHORIZED,
}
"""How a command can be refused, by the names that scripts use."""

WRONG_PASSWORD: Final = {
    "error": "unauthorized",
    "error_cause": "invalid_user_credentials",
    "error_description": "Invalid user credentials.",
}
LOST_COOKIES: Final = {
    "error": "bad_request",
    "error_cause": "empty_cookies",
    "error_description": "Empty Cookies.",
}
INVALID_GRANT: Final = {
    "error": "invalid_grant",
    "error_description": "Invalid refresh token",
}
INVALID_CLIENT: Final = {
    "error": "invalid_client",
    "error_description": "Invalid client_id",
}
UPDATE_REQUIRED: Final = {"message": "An app update is required"}

# From here on free choices: nobody has written these answers down.
WRONG_CSRF: Final = {
    "error": "bad_request",
    "error_cause": "invalid_csrf_token",
    "error_description": "Invalid CSRF token.",
}
INVALID_REQUEST: Final = {
    "error": "invalid_request",
    "error_description": "Invalid request",
}
INVALID_CODE: Final = {"error": "invalid_grant", "error_description": "Invalid authorization code"}
UNSUPPORTED_GRANT: Final = {
    "error": "unsupported_grant_type",
    "error_description": "Unsupported grant type",
}
WRONG_PIN: Final = {
    "error": "unauthorized",
    "error_cause": "invalid_2fa_code",
    "error_description": "Invalid verification code.",
}
EXPIRED_PIN: Final = {
    "error": "unauthorized",
    "error_cause": "expired_2fa_code",
    "error_description": "Verification code has expired.",
}


def not_acceptable() -> web.Response:
    """Return the answer of Blink's edge to a client that it does not like (core#178396)."""
    return web.Response(status=406, text="406 Not Acceptable")


def not_found() -> web.Response:
    """Return the answer to a path or a command that is not known (BlinkMonitorProtocol#75)."""
    return web.Response(status=404, text="<h1>Not Found</h1>", content_type="text/html")
