"""Everything that Blink changes now and then, together in one place.

Blink documents nothing: these values are what blinkpy 0.25.9 and the phone app send. Between
October 2025 and July 2026 Blink changed its sign-in four times (blinkpy#1114, #1147, #1217, #1266).
When that happens again, this page is the one to change.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

# Hosts.

AUTH_URL: Final = "https://api.oauth.blink.com"
API_URL: Final = "https://rest-prod.immedia-semi.com"
"""Serves only the question for the tier, unless the user names it for everything."""
TIER_URL: Final = "https://rest-{tier}.immedia-semi.com"
PORTAL_URL: Final = "https://blinkforhome.com"

# Who we say we are. Blink's edge answers 406 to clients that it does not like: to Home Assistant's
# own User-Agent in January 2024 (blinkpy#848), to some hardware ids in July 2026 (blinkpy#1266).

CLIENT_ID: Final = "ios"
TOKEN_CLIENT_ID: Final = "android"  # noqa: S105 - the public name of an app
"""The app that a refresh token of the user's own belongs to, unless the user says otherwise."""
SCOPE: Final = "client"
REDIRECT_URI: Final = "immedia-blink://applinks.blink.com/signin/callback"
DEVICE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "app_brand": "blink",
        "app_version": "50.1",
        "device_brand": "Apple",
        "device_model": "iPhone16,1",
        "device_os_version": "26.1",
    }
)
BROWSER_USER_AGENT: Final = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1"
)
"""For the pages of the sign-in."""
TOKEN_USER_AGENT: Final = "Blink/2511191620 CFNetwork/3860.200.71 Darwin/25.1.0"  # noqa: S105
"""For tokens, which the app fetches without a browser."""
API_USER_AGENT: Final = "27.0ANDROID_28373244"
TOKEN_LIFE: Final = 14400.0
"""Seconds that an access token lives where the answer does not say."""

# Paths at the OAuth host.

AUTHORIZE: Final = "/oauth/v2/authorize"
SIGN_IN: Final = "/oauth/v2/signin"
VERIFY: Final = "/oauth/v2/2fa/verify"
TOKEN: Final = "/oauth/token"  # noqa: S105 - a path

# Paths at the REST host.

TIER: Final = "/api/v1/users/tier_info"
HOMESCREEN: Final = "/api/v3/accounts/{account}/homescreen"
STATUS: Final = "/network/{network}/command/{command}"
DONE: Final = "/network/{network}/command/{command}/done/"

_NETWORK: Final = "/api/v1/accounts/{account}/networks/{network}"
_CAMERA: Final = "/network/{network}/camera/{device}"
_OWL: Final = f"{_NETWORK}/owls/{{device}}"
_ACCESSORY: Final = (
    "/api/v2/accounts/{account}/networks/{network}/cameras/{device}"
    "/light_accessories/{accessory}/lights"
)
_DOORBELL: Final = f"{_NETWORK}/doorbells/{{device}}"

CALLS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "network": {
            "arm": f"{_NETWORK}/state/arm",
            "disarm": f"{_NETWORK}/state/disarm",
        },
        "camera": {
            "thumbnail": f"{_CAMERA}/thumbnail",
            "clip": f"{_CAMERA}/clip",
            "enable": f"{_CAMERA}/enable",
            "disable": f"{_CAMERA}/disable",
            "status": f"{_CAMERA}/status",
            # With a battery floodlight mount, which is an accessory of its camera.
            "light_on": f"{_ACCESSORY}/on",
            "light_off": f"{_ACCESSORY}/off",
        },
        # Clips are left out for the two: the app has no such call (blinkpy#537 saw it fail).
        "owl": {
            "thumbnail": f"{_OWL}/thumbnail",
            "enable": f"{_OWL}/config",
            "disable": f"{_OWL}/config",
            "status": f"{_OWL}/status",
            "light_on": f"{_OWL}/lights/on",
            "light_off": f"{_OWL}/lights/off",
        },
        "doorbell": {
            "thumbnail": f"{_DOORBELL}/thumbnail",
            "enable": f"{_DOORBELL}/enable",
            "disable": f"{_DOORBELL}/disable",
            "status": f"{_DOORBELL}/status",
        },
    }
)
"""Where each command of each family of devices is posted to."""

BODIES: Final[Mapping[tuple[str, str], Mapping[str, Any]]] = MappingProxyType(
    {("owl", "enable"): {"enabled": True}, ("owl", "disable"): {"enabled": False}}
)
"""What is posted; the other calls have no body."""

LIGHTS: Final = frozenset({"light_on", "light_off"})
FLOODLIGHT: Final = "superior"
"""The type of an owl that is a wired floodlight (blinkpy#1258)."""

# Answers. The REST host says `{message, code}` when it says no, and this page of a path or a
# command that it does not know (BlinkMonitorProtocol#75).

NOT_FOUND_PAGE: Final = b"<h1>Not Found</h1>"

# Codes in the bodies.

BUSY: Final = "307"
COMMAND_DONE: Final = "902"
