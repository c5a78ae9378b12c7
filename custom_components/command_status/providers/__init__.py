"""The clouds that we know. This is the only place that names them all."""

from collections.abc import Mapping
from typing import Final

from .base import ProviderDescription
from .blink import DESCRIPTION as BLINK
from .esper import DESCRIPTION as ESPER
from .home import DESCRIPTION as HOME
from .rest import DESCRIPTION as REST
from .wlte import DESCRIPTION as WLTE

PROVIDERS: Final[Mapping[str, ProviderDescription]] = {
    BLINK.key: BLINK,
    ESPER.key: ESPER,
    HOME.key: HOME,
    REST.key: REST,
    WLTE.key: WLTE,
}
