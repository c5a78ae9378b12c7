"""The forms of saved commands of this house, against the Home Assistant that is installed."""

from pathlib import Path
from typing import Any

from homeassistant import components
from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.command_status.providers.base import Field, FieldKind
from custom_components.command_status.providers.home.parameters import PARAMETERS, fields_of


def described(action: str) -> set[str]:
    """Return the parameters of an action, as its own description names them."""
    platform, _, name = action.partition(".")
    file = Path(components.__path__[0]) / platform / "services.yaml"
    fields: dict[str, Any] = load_yaml_dict(str(file))[name]["fields"]
    sections = [inner["fields"] for inner in fields.values() if "fields" in (inner or {})]
    return {*fields, *(name for section in sections for name in section)}


@pytest.mark.parametrize("action", sorted(PARAMETERS))
def test_every_parameter_is_one_that_home_assistant_takes(action: str) -> None:
    """A misspelt one would be refused only when somebody presses the button."""
    assert {parameter.name for parameter in PARAMETERS[action]} - described(action) == set()


def test_choices_and_limits_are_those_of_the_entity() -> None:
    """A form that offers what the entity refuses is no help."""
    heating = {"min_temp": 7, "max_temp": 35, "hvac_modes": ["off", "heat"]}
    temperature, _, _, mode = fields_of("climate.set_temperature", heating)
    assert (temperature.minimum, temperature.maximum) == (7, 35)
    assert (mode.kind, mode.choices, mode.required) == (FieldKind.CHOICE, ("off", "heat"), False)


def test_an_entity_without_a_list_leaves_the_choice_to_the_user() -> None:
    """It may be absent just now, and its list with it."""
    (mode,) = fields_of("climate.set_fan_mode", {})
    assert mode == Field(name="fan_mode", kind=FieldKind.TEXT)


def test_an_action_without_parameters_has_an_empty_form() -> None:
    """Most have none."""
    assert fields_of("lock.lock", {}) == ()
