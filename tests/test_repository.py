"""What stands around the code asks for what helps, and starts what is there."""

import json
from pathlib import Path
import re
from typing import Any, Final

from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.command_status.providers import PROVIDERS

from .test_texts import TEXTS

ROOT: Final = Path(__file__).parents[1]
GITHUB: Final = ROOT / ".github"
FORMS: Final = GITHUB / "ISSUE_TEMPLATE"

KINDS: Final = {"checkboxes", "dropdown", "input", "markdown", "textarea"}
"""What a form of GitHub's is made of (docs.github.com, "Syntax for issue forms")."""

SCRIPT: Final = re.compile(r"\bscripts/[\w.-]*\w")
EXECUTABLE: Final = 0o100


def fields(form: str) -> dict[str, dict[str, Any]]:
    """Return what a form asks for, by the ids of its fields."""
    body: Any = load_yaml_dict(str(FORMS / form))["body"]
    return {field["id"]: field for field in body if field["type"] != "markdown"}


@pytest.mark.parametrize("form", ["problem.yml", "wish.yml"])
def test_a_form_is_one_that_github_shows(form: str) -> None:
    """It shows none that it does not understand, and nobody is told."""
    loaded: Any = load_yaml_dict(str(FORMS / form))

    assert loaded.keys() == {"name", "description", "labels", "body"}
    assert {field["type"] for field in loaded["body"]} <= KINDS
    assert all(field["attributes"]["label"] for field in fields(form).values())


def test_who_reports_a_problem_is_asked_for_what_explains_it() -> None:
    """The diagnostics, both versions, the provider, what happened, and what should have."""
    required = {
        name
        for name, field in fields("problem.yml").items()
        if field.get("validations", {}).get("required")
    }

    assert required == {
        "diagnostics",
        "expected",
        "happened",
        "home-assistant",
        "provider",
        "version",
    }


def test_the_provider_is_chosen_by_the_name_that_it_has_in_home_assistant() -> None:
    """And one more, for what is about none of them."""
    named = TEXTS["config"]["step"]["user"]["menu_options"]
    *offered, other = fields("problem.yml")["provider"]["attributes"]["options"]

    assert offered == sorted(named[key] for key in PROVIDERS)
    assert other == "None of them, or all"


CALLERS: Final = {
    str(path.relative_to(ROOT)): path
    for path in (
        ROOT / "CONTRIBUTING.md",
        ROOT / ".devcontainer" / "devcontainer.json",
        GITHUB / "pull_request_template.md",
        *sorted((GITHUB / "workflows").glob("*.yml")),
    )
}


@pytest.mark.parametrize("name", CALLERS)
def test_every_script_that_is_called_is_there(name: str) -> None:
    """Under its name, and so that it can be run."""
    for called in SCRIPT.findall(CALLERS[name].read_text()):
        script = ROOT / called
        assert script.is_file(), called
        assert script.suffix or script.stat().st_mode & EXECUTABLE, called


def test_the_container_begins_with_the_set_up() -> None:
    """Whoever opens it can run the tests."""
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())

    assert container["postCreateCommand"].endswith("scripts/setup")
    assert container["image"]


def test_tests_that_are_named_to_contributors_are_there() -> None:
    """A table that names a file that has moved is not used a second time."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    named = re.findall(r"(?<![\w/.])tests/[\w/.]*\w", text)

    assert named
    assert not [path for path in named if not (ROOT / path).exists()]
