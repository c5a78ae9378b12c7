"""The clouds that we know. This is the only place that names them all."""

from collections.abc import Mapping
from typing import Final

from .base import ProviderDescription
from .wlte import DESCRIPTION as WLTE

PROVIDERS: Final[Mapping[str, ProviderDescription]] = {
    WLTE.key: WLTE,
}
