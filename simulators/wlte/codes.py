"""WLTE's error codes, and the HTTP statuses that they come with."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ErrorCode(StrEnum):
    """What a refusal is called."""

    INVALID_REQUEST = "INVALID_REQUEST"
    AUTH_REQUIRED = "AUTH_REQUIRED"
    AUTH_INVALID = "AUTH_INVALID"
    AUTH_EXPIRED = "AUTH_EXPIRED"
    AUTH_SCOPE_DENIED = "AUTH_SCOPE_DENIED"
    DEVICE_NOT_FOUND = "DEVICE_NOT_FOUND"
    COMMAND_NOT_FOUND = "COMMAND_NOT_FOUND"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    COMMAND_REJECTED = "COMMAND_REJECTED"
    DEVICE_OFFLINE = "DEVICE_OFFLINE"
    RATE_LIMITED = "RATE_LIMITED"
    INTERNAL_ERROR = "INTERNAL_ERROR"
    GATEWAY_UNAVAILABLE = "GATEWAY_UNAVAILABLE"
    DEVICE_TIMEOUT = "DEVICE_TIMEOUT"


STATUS_OF_CODE: Final[Mapping[str, int]] = {
    ErrorCode.INVALID_REQUEST: 400,
    ErrorCode.AUTH_REQUIRED: 401,
    ErrorCode.AUTH_INVALID: 401,
    ErrorCode.AUTH_EXPIRED: 401,
    ErrorCode.AUTH_SCOPE_DENIED: 403,
    ErrorCode.DEVICE_NOT_FOUND: 404,
    ErrorCode.COMMAND_NOT_FOUND: 404,
    ErrorCode.IDEMPOTENCY_CONFLICT: 409,
    ErrorCode.COMMAND_REJECTED: 422,
    ErrorCode.DEVICE_OFFLINE: 422,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.INTERNAL_ERROR: 500,
    ErrorCode.GATEWAY_UNAVAILABLE: 503,
    ErrorCode.DEVICE_TIMEOUT: 504,
}

# The likeliest word for a status, where only the status is known.
CODE_OF_STATUS: Final[Mapping[int, ErrorCode]] = {
    status: ErrorCode(code) for code, status in STATUS_OF_CODE.items()
} | {401: ErrorCode.AUTH_INVALID, 404: ErrorCode.COMMAND_NOT_FOUND}
