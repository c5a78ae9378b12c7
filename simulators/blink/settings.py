"""What the Blink cloud and its one account are like; every value may be changed at any time."""

from dataclasses import dataclass
from enum import StrEnum


class SecondFactor(StrEnum):
    """How a sign-in with the right password goes on. Both statuses are in use (blinkpy#1229)."""

    NONE = "none"
    STATUS_202 = "status_202"
    STATUS_412 = "status_412"


class Busy(StrEnum):
    """How a second command in a network is refused: names of `REFUSALS`.

    Which HTTP status goes with it is told differently: 409 by homebridge-blink-for-home, 200 by
    BlinkMonitorProtocol; blinkpy looks at code 307 in the body only.
    """

    STATUS_409 = "busy_409"
    STATUS_200 = "busy_200"
    OFF = "off"
    """Not refused: several commands run at once, which the real cloud does not allow."""


class DoorbellKey(StrEnum):
    """Under which name the homescreen lists doorbells (blinkpy#1208)."""

    DOORBELLS = "doorbells"
    LOTUS = "lotus"


@dataclass(slots=True)
class Settings:
    """The scenario."""

    email: str = "you@example.com"
    password: str = "Sesame-open-42"  # noqa: S105
    phone: str = "+353xxxxxxx42"
    """As Blink shows it: masked."""
    second_factor: SecondFactor = SecondFactor.STATUS_202
    code: str = "482915"
    """The code that every sign-in sends to the phone."""
    code_lifetime: float = 600.0
    """Seconds for which a code is good, counted from the password. Free choice: not known."""
    resend_seconds: int = 60
    """What `next_time_in_secs` says: the wait before another code can be sent."""
    token_lifetime: int = 14_400
    """Seconds for which an access token is good."""
    revoked_status: int = 400
    """The status that refuses a refresh token: 400 and 401 are both reported."""
    tier: str = "e008"
    account_id: int = 771_204_583
    user_id: int = 771_204_584
    client_id: int = 771_204_585
    doorbell_key: DoorbellKey = DoorbellKey.DOORBELLS
    busy: Busy = Busy.STATUS_409
    hold_limit: float = 60.0
    """Seconds after which a command that goes on no longer keeps its network busy. Free choice."""
