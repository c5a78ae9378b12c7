"""The house of the demonstration: Home Assistant's own demo entities, and two things that are slow.

The lock of Home Assistant's demo that is poorly installed jams whenever it is told to lock.
"""

from typing import Final

WINDOW: Final = "cover.living_room_window"
"""Opens step by step, a second each."""
JAMMED: Final = "lock.poorly_installed_door"
GATE: Final = "switch.garden_gate"
"""Does nothing when it is told to open: nobody ever connected its motor."""
BOILER: Final = "switch.boiler"
"""Takes `BOILER_SECONDS` until it is on."""
THINGS: Final = (WINDOW, JAMMED, GATE, BOILER)

BOILER_SECONDS: Final = 9

CONFIGURATION: Final = f"""
demo:
input_boolean:
  gate_is_open:
    name: Garden gate is open
  boiler_is_hot:
    name: Boiler is on
automation boiler:
  - id: heat
    alias: The boiler takes its time
    triggers:
      - trigger: event
        event_type: boiler_was_told
    actions:
      - delay: {BOILER_SECONDS}
      - action: input_boolean.turn_on
        target: {{entity_id: input_boolean.boiler_is_hot}}
template:
  - switch:
      - name: Garden gate
        unique_id: garden_gate
        state: "{{{{ is_state('input_boolean.gate_is_open', 'on') }}}}"
        turn_on: []
        turn_off:
          - action: input_boolean.turn_off
            target: {{entity_id: input_boolean.gate_is_open}}
      - name: Boiler
        unique_id: boiler
        state: "{{{{ is_state('input_boolean.boiler_is_hot', 'on') }}}}"
        turn_on:
          - event: boiler_was_told
        turn_off:
          - action: input_boolean.turn_off
            target: {{entity_id: input_boolean.boiler_is_hot}}
"""
"""What stands in the house, as YAML."""
