"""A stand-in for the Blink cloud.

There is no public documentation. What is told here comes from blinkpy 0.25.9 and its issues, live
captures of homebridge-blink-for-home, BlinkMonitorProtocol and its forks, vistoda-blink and
blink-liveview-middleware. What none of them knows is a free choice, and is called so where it
stands.

    simulator = BlinkSimulator(clock=clock, sleep=clock.sleep)
    simulator.script("failure", target=701, times=1)      # the next command to that camera fails
    simulator.script("never", command="arm")              # from now on no arming ever ends
    simulator.script("busy_200", times=2)                 # two commands are refused first
    simulator.faults.add("status", "signin", status=429)  # one sign-in is one too many
"""

from .scripts import SCRIPTS, Script, Telling
from .settings import Busy, DoorbellKey, SecondFactor, Settings
from .simulator import BlinkSimulator
from .world import Device, Family, Network, SyncModule, World

__all__ = [
    "SCRIPTS",
    "BlinkSimulator",
    "Busy",
    "Device",
    "DoorbellKey",
    "Family",
    "Network",
    "Script",
    "SecondFactor",
    "Settings",
    "SyncModule",
    "Telling",
    "World",
]
