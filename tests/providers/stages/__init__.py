"""The providers on their stages: for each, how the contract's scenes are played."""

from collections.abc import Mapping
from typing import Final

from .base import Stage
from .blink import BlinkStage
from .esper import EsperStage
from .home import HomeStage
from .player import Player
from .rest import RestStage
from .wlte import WlteStage

STAGES: Final[Mapping[str, type[Stage]]] = {
    BlinkStage.key: BlinkStage,
    EsperStage.key: EsperStage,
    RestStage.key: RestStage,
    WlteStage.key: WlteStage,
}
"""The clouds, with their simulators."""

PLAYERS: Final[Mapping[str, type[Player]]] = {**STAGES, HomeStage.key: HomeStage}
"""All providers; the house is no cloud, and has a double."""

__all__ = ["PLAYERS", "STAGES", "Player", "Stage"]
