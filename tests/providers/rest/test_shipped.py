"""The descriptions that are shipped."""

from pathlib import Path
from time import process_time
from typing import Any

import pytest
import yaml

from custom_components.command_status.providers import rest
from custom_components.command_status.providers.rest.description import Description, description

from .jobs import JOBS, changed

FOLDER = Path(str(rest.__file__)).parent / "descriptions"
FILES = sorted(FOLDER.glob("*.yaml"))
EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.yaml"))


def shipped(path: Path) -> Description:
    """Read a shipped description."""
    return description(yaml.safe_load(path.read_text()))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_can_be_read_as_it_stands(path: Path) -> None:
    """Its name is its key, and it names its documentation."""
    found = shipped(path)
    assert found.key == path.stem
    assert found.documentation is not None


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_of_the_format_can_be_read_as_it_stands(path: Path) -> None:
    """They were written with the format, before what reads it."""
    assert shipped(path).key == path.stem


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_says_where_it_comes_from_and_what_it_was_tested_against(path: Path) -> None:
    """A server with its version, or the documentation only."""
    source, tested, *_ = path.read_text().splitlines()
    assert source.startswith("# Source: https://")
    assert tested.startswith("# Tested against: ")


def test_all_that_were_promised_are_there() -> None:
    """By name."""
    assert {path.stem for path in FILES} >= {
        "airflow",
        "aria2",
        "flower",
        "github_actions",
        "home_assistant",
        "jenkins",
        "proxmox",
        "ray",
        "scrapyd",
        "seam",
        "smartthings",
    }


def test_a_hundred_commands_are_read_at_once() -> None:
    """A start of Home Assistant does not wait for a description."""
    plain = changed({})
    plain["commands"] = {f"make_{n}": JOBS["commands"]["make"] for n in range(100)}

    def cost(plain: Any) -> float:
        before = process_time()
        description(plain)
        return process_time() - before

    assert min(cost(plain) for _ in range(5)) < 0.05


def test_a_command_may_have_its_own_of_what_holds_for_all() -> None:
    """Such as another pace, or none to stop it."""
    found = description(
        changed(
            {
                "commands/slow": {
                    **JOBS["commands"]["make"],
                    "poll": {"every": 60},
                    "cancel": {"path": "/api/stop", "method": "POST"},
                    "timeout": 600,
                    "expect": 3,
                }
            }
        )
    )
    slow, make = found.commands["slow"], found.commands["make"]
    assert (slow.poll.every, make.poll.every) == (60, 2)
    assert (slow.timeout, make.timeout, slow.expect) == (600, 60, "3")
    assert slow.cancel is not None
    assert slow.cancel.request.method == "POST"


def test_a_check_may_take_any_answer() -> None:
    """Where the service answers with a page."""
    found = description(changed({"check": {"path": "/", "json": False}}))
    assert found.check is not None
    assert not found.check.expects_json


def test_an_address_can_be_written_down() -> None:
    """Then nobody is asked for it."""
    found = description(changed({"base_url": "https://jobs.example/v1"}))
    assert not any(found.base_url.names)
    assert [field.name for field in found.fields] == ["token"]


def test_a_field_for_the_address_can_be_described() -> None:
    """With a default of its own; it is asked for once."""
    account = [{"name": "base_url", "type": "url", "default": "http://127.0.0.1:1"}]
    found = description(changed({"account": account}))
    assert [field.name for field in found.fields] == ["base_url", "token"]
