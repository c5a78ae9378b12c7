"""Descriptions that are made by forms, and the words that are proposed in them."""

from typing import Any

import pytest

from custom_components.command_status.providers.mistakes import DescriptionError
from custom_components.command_status.providers.rest.composing import (
    compose,
    field_at,
    share,
    steps,
)
from custom_components.command_status.providers.rest.description import description
from custom_components.command_status.providers.rest.known_words import KNOWN, STATE_OF, proposed
from custom_components.command_status.tracking import CommandState

ACCOUNT = {"name": "Müller's API", "base_url": "https://api.example", "auth": "bearer"}
COMMAND: dict[str, Any] = {
    "command": "go",
    "path": "/go",
    "id_in": "path",
    "id": "id",
    "ask_path": "/jobs/${id}",
    "word": "state",
    "success": ["done"],
}


def composed(account: dict[str, str] | None = None, **typed: Any) -> dict[str, Any]:
    """Return a description with one command."""
    found: dict[str, Any] = compose(ACCOUNT | (account or {}), {"go": COMMAND | typed})
    return found


class TestComposing:
    """What is typed becomes a description."""

    def test_an_empty_field_says_nothing(self) -> None:
        """Only what was filled in stands in the description."""
        assert composed(query={}, body=None, reason="", confirm=False)["commands"]["go"] == {
            "send": {"path": "/go"},
            "ask": {
                "path": "/jobs/${id}",
                "outcome": {"word": "state", "words": {"success": ["done"]}},
            },
            "id": {"path": "id"},
        }

    def test_a_name_becomes_a_key(self) -> None:
        """Of letters that a file may be named by; without any it is `api`."""
        assert composed()["key"] == "m_ller_s_api"
        assert composed({"name": "管理"})["key"] == "api"
        assert description(composed()).name == "Müller's API"

    @pytest.mark.parametrize(
        ("typed", "identity"),
        [
            ({"id_in": "header", "id": "Location", "id_segment": -1.0}, {"header": "Location"}),
            ({"id_in": "none", "ask_path": "/state"}, None),
        ],
    )
    def test_an_id_is_where_it_is_said_to_be(self, typed: dict[str, Any], identity: Any) -> None:
        """In a header, or nowhere."""
        found = composed(**typed)["commands"]["go"]["id"]
        assert found == (identity and identity | {"segment": -1})
        description(composed(**typed))

    @pytest.mark.parametrize(
        ("account", "auth"),
        [
            ({"auth": "none"}, {"type": "none"}),
            ({"auth": "query", "auth_name": "key"}, {"type": "query", "name": "key"}),
            ({"auth": "bearer", "auth_name": "key"}, {"type": "bearer"}),
            ({"headers": "X-A: b:c\n\n"}, {"type": "bearer", "headers": {"X-A": "b:c"}}),
        ],
    )
    def test_the_sign_in_is_that_of_the_account(
        self, account: dict[str, str], auth: dict[str, Any]
    ) -> None:
        """With a name only where one is needed."""
        assert composed(account)["auth"] == auth

    def test_everything_can_be_typed(self) -> None:
        """Each field of each step arrives at its place."""
        found = description(
            composed(
                {"check": "/me"},
                method="PUT",
                query={"a": "1"},
                body_type="form",
                body={"b": "${tracking_id}"},
                parameters=[{"name": "x", "required": False}],
                ask_method="POST",
                ask_body_type="json",
                ask_body={"id": "${id}"},
                reason="why",
                progress="part",
                result="out",
                cancel_method="DELETE",
                cancel_path="/jobs/${id}",
                every=9,
                window=30,
                grace=3,
                repeatable=True,
                confirm=True,
                rules=[{"when": {"http": 410}, "state": "lost"}],
            )
        )
        command = found.commands["go"]
        assert (command.send.method, command.send.kind) == ("PUT", "form")
        assert (command.timeout, command.confirm, command.repeatable) == (30, True, True)
        assert command.poll.every == 9
        assert command.cancel is not None
        (stage,) = command.ask
        assert (stage.request.method, stage.outcome.grace) == ("POST", 3)
        assert stage.outcome.progress is not None
        assert found.check is not None

    def test_a_mistake_outside_of_the_forms_is_at_no_field(self) -> None:
        """It is told for the form as a whole."""
        assert field_at(("name",)) is None
        assert field_at(("commands", "go")) == "command"
        assert field_at(("commands", "go", "poll")) is None

    def test_a_header_needs_a_colon(self) -> None:
        """What has none is no header."""
        with pytest.raises(DescriptionError, match=r"auth\.headers: invalid_value: nonsense"):
            composed({"headers": "nonsense"})


class TestSharing:
    """What is exported."""

    def test_what_looks_like_a_secret_is_hidden(self) -> None:
        """At any depth; where only a placeholder stands, nothing is given away."""
        plain = composed(body={"list": [{"password": "x", "token": "${secret.token}", "n": 1}]})
        sent = share(plain)["commands"]["go"]["send"]["json"]
        assert sent == {"list": [{"password": "**REDACTED**", "token": "${secret.token}", "n": 1}]}


class TestWords:
    """The words that services use."""

    def test_there_are_many_and_each_means_one_thing(self) -> None:
        """A word under two states would be none to propose."""
        words = [word for of_state in KNOWN.values() for word in of_state]
        assert len(words) >= 120
        assert len(set(words)) == len(words) == len(STATE_OF)
        assert all(word == word.casefold() for word in words)

    def test_what_was_seen_is_proposed(self) -> None:
        """As it is spelled there, beside the usual ones; an unknown one is left to the user."""
        table = proposed(["Timed Out", "SUCCEEDED", "done", "melted"])
        assert table[CommandState.TIMEOUT] == ("Timed Out",)
        assert "SUCCEEDED" in table[CommandState.SUCCESS]
        assert table[CommandState.SUCCESS].count("done") == 1
        assert not any("melted" in words for words in table.values())

    def test_an_unknown_word_can_be_picked_everywhere(self) -> None:
        """Whatever it means."""
        _, *fields = steps(["melted", "done"])["words"]
        assert all("melted" in field.choices for field in fields)
        assert all(field.choices.count("done") <= 1 for field in fields)
