"""The clouds on their stages: for each provider, how its simulator plays the contract's scenes."""

from collections.abc import Mapping
from typing import Final

from .base import Stage
from .blink import BlinkStage
from .esper import EsperStage
from .rest import RestStage
from .wlte import WlteStage

STAGES: Final[Mapping[str, type[Stage]]] = {
    BlinkStage.key: BlinkStage,
    EsperStage.key: EsperStage,
    RestStage.key: RestStage,
    WlteStage.key: WlteStage,
}

__all__ = ["STAGES", "Stage"]
