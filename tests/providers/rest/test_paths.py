"""Paths into an answer, the sources made of them, and rules."""

from collections.abc import Mapping
import json
from time import process_time
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.command_status.providers.http import Reply
from custom_components.command_status.providers.mistakes import DescriptionError
from custom_components.command_status.providers.rest.paths import path
from custom_components.command_status.providers.rest.response import Response
from custom_components.command_status.providers.rest.rules import Condition, condition
from custom_components.command_status.providers.rest.sources import sources
from custom_components.command_status.providers.rest.templates import MISSING, Scope

SCOPE = Scope(plain=frozenset({"id", "expect"}))
ANSWER: Mapping[str, Any] = {
    "job": {"state": "done", "tags": ["a", "b"], "x.y": 7, "none": None},
    "jobs": [
        {"id": "j1", "state": "done", "n": 1},
        {"id": "j2", "state": "failed", "n": 2},
        {"id": 3, "state": "done"},
    ],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
)


def answer(
    data: Any = ANSWER, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an answer; a text is its body as it is."""
    body = data if isinstance(data, str) else json.dumps(data)
    return Response(Reply(status=status, headers=headers or {}, body=body.encode()))


class TestPaths:
    """`a.b[0][-1]["x.y"][*][key="v"]`."""

    @pytest.mark.parametrize(
        ("way", "found"),
        [
            ("", ANSWER),
            ("job.state", "done"),
            ("job.tags[0]", "a"),
            ("job.tags[-1]", "b"),
            ('job["x.y"]', 7),
            ('jobs[id="j2"].state', "failed"),
            ('jobs[id="${id}"].n', 1),
            ('jobs[id="3"].state', "done"),
            ("jobs[*].state", ["done", "failed", "done"]),
            ("jobs[*].n", [1, 2]),
            ("jobs[*].state[*]", []),
            ("job.none", None),
            ("job.tags[2]", MISSING),
            ("job.tags[-3]", MISSING),
            ("job.tags.x", MISSING),
            ("job.state[0]", MISSING),
            ('jobs[id="j9"].n', MISSING),
            ('job[id="j1"]', MISSING),
            ("nothing.at.all", MISSING),
        ],
    )
    def test_it_leads_to_a_value(self, way: str, found: Any) -> None:
        """Step by step, and to nothing where a step leads nowhere."""
        assert path(way, (), SCOPE).find(ANSWER, {"id": "j1"}) == found

    def test_the_root_can_be_a_list(self) -> None:
        """Some APIs answer with a list only."""
        assert path("[1].x", (), SCOPE).find([{}, {"x": 5}], {}) == 5

    @given(way=st.text(alphabet='ab.[]"=*-01${}id ', max_size=25), data=JSON)
    def test_whatever_is_written_leads_somewhere_or_is_refused(self, way: str, data: Any) -> None:
        """No way that a stranger writes raises anything but our error."""
        try:
            found = path(way, (), SCOPE)
        except DescriptionError:
            return
        found.find(data, {"id": "x"})

    def test_a_path_costs_as_much_as_the_answer_is_large(self) -> None:
        """Ten times the answer takes about ten times as long, with every step that there is."""
        way = path('[*][*].a[b="c"].d', (), SCOPE)

        def cost(size: int) -> float:
            data = [[{"a": [{"b": "x"}] * 10}] * 10] * size
            before = process_time()
            way.find(data, {})
            return process_time() - before

        cost(10)
        small = min(cost(50) for _ in range(5))
        assert min(cost(500) for _ in range(3)) < 40 * small


class TestSources:
    """Where a value stands."""

    @pytest.mark.parametrize(
        ("plain", "found"),
        [
            ("job.state", "done"),
            ({"path": "job.state"}, "done"),
            ({"header": "x-job"}, "j7"),
            ({"text": True, "between": ['"state": "', '"']}, "done"),
            ({"status": True}, "202"),
            ({"value": "constant"}, "constant"),
            ({"value": 3}, "3"),
            ({"value": "${id}"}, "j1"),
            ({"header": "Location", "segment": -1}, "1 7"),
            ({"header": "Location", "segment": 0}, "queue"),
            ({"header": "Location", "segment": 9}, None),
            ({"path": "job.tags[0]", "segment": 0}, "a"),
            ({"status": True, "segment": 0}, None),
            ({"status": True, "between": ["2", "2"]}, None),
            ({"text": True, "between": ["<", ">"]}, None),
            (["job.none", "job.tags[0]"], "a"),
            (["job.nothing", {"header": "None"}], None),
            ("job.tags", None),
        ],
    )
    def test_it_is_found(self, plain: Any, found: str | None) -> None:
        """As text; the first place that has a value counts."""
        headers = {
            "X-Job": "j7",
            "x-job": "j7",
            "Location": "https://x.example/queue/item/1%207/?a",
        }
        response = answer(status=202, headers=headers)
        assert sources(plain, (), SCOPE).text(response, {"id": "j1"}) == found

    @pytest.mark.parametrize("told", ["", " ", "x" * 513, "a\nb", None, [], {}])
    def test_not_everything_can_be_an_id(self, told: Any) -> None:
        """It goes into paths and records."""
        assert sources("x", (), SCOPE).id(answer({"x": told}), {}) is None

    @pytest.mark.parametrize("body", ["", "<html>", "null", '"x"'])
    def test_nothing_is_found_in_what_is_no_object(self, body: str) -> None:
        """Also where it calls itself JSON."""
        assert sources("a.b", (), SCOPE).text(answer(body), {}) is None

    def test_no_json_is_looked_at_once_only(self) -> None:
        """Every rule asks for it again."""
        response = answer("<html>")
        assert response.data is MISSING
        assert response.data is MISSING


def rule(**plain: Any) -> Condition:
    """Return a condition."""
    return condition(plain, (), SCOPE)


class TestRules:
    """When a rule holds."""

    @pytest.mark.parametrize(
        "plain",
        [
            {"http": 200},
            {"http": "2xx"},
            {"http": [404, "2XX"]},
            {"path": "job.state", "is": "done"},
            {"path": "job.state", "is": ["x", "done"]},
            {"path": "job.state", "is": "${expect}"},
            {"path": "job.state", "not": "failed"},
            {"path": "job.state", "contains": "on"},
            {"path": "job.tags", "contains": "b"},
            {"path": "job.state", "exists": True},
            {"path": "job.none", "exists": False},
            {"path": "job.nothing", "exists": False},
            {"path": 'job["x.y"]', "is": 7},
            {"path": "jobs[*].state", "is": "failed"},
            {"path": "jobs[*].state", "exists": True, "each": "all"},
            {"path": "jobs[*].state", "not": "x", "each": "all"},
            {"path": "jobs[*].nothing", "exists": False},
            {"header": "X", "is": "y"},
            {"text": True, "contains": '"done"'},
            {"http": 200, "path": "job.state", "is": "done"},
        ],
    )
    def test_it_holds(self, plain: Mapping[str, Any]) -> None:
        """What it says is so."""
        response = answer(headers={"X": "y"})
        assert rule(**plain).holds(response, {"expect": "done"})

    @pytest.mark.parametrize(
        "plain",
        [
            {"http": 201},
            {"http": "4xx"},
            {"path": "job.state", "is": "DONE"},
            {"path": "job.state", "not": "done"},
            {"path": "job.nothing", "not": "done"},
            {"path": "job.none", "not": "done"},
            {"path": "job.none", "exists": True},
            {"path": "job.tags", "is": "a"},
            {"path": "job.tags", "not": "a"},
            {"path": "job.tags", "contains": "c"},
            {"path": "jobs[*].state", "is": "done", "each": "all"},
            {"path": "jobs[*].state", "is": "x", "each": "any"},
            {"path": "jobs[*].nothing", "is": "x", "each": "all"},
            {"path": "jobs[*].state", "exists": False},
            {"http": 201, "path": "job.state", "is": "done"},
        ],
    )
    def test_it_does_not_hold(self, plain: Mapping[str, Any]) -> None:
        """Nothing of nothing proves anything."""
        assert not rule(**plain).holds(answer(), {"expect": "done"})

    @pytest.mark.parametrize("status", [401, 403, 407, 408, 425, 429, 500, 503])
    def test_an_answer_about_us_says_nothing_of_a_command(self, status: int) -> None:
        """A server on the way may say anything; only who names the status means it."""
        response = answer(status=status)
        assert not rule(path="job.state", **{"is": "done"}).holds(response, {})
        assert rule(http=status, path="job.state", **{"is": "done"}).holds(response, {})

    @pytest.mark.parametrize("status", [302, 400, 404, 409, 502])
    def test_what_is_missing_proves_something_in_a_2xx_only(self, status: int) -> None:
        """An error has other fields than an answer."""
        assert not rule(path="currstate", exists=False).holds(answer(status=status), {})
        assert rule(http=status, path="currstate", exists=False).holds(answer(status=status), {})

    @pytest.mark.parametrize("plain", [{"exists": False}, {"not": "x"}, {"is": "x"}])
    def test_a_page_says_nothing(self, plain: Mapping[str, Any]) -> None:
        """A login wall answers 200, too."""
        assert not rule(path="job", **plain).holds(answer("<html>x</html>"), {})
        assert not rule(http=200, path="job", **plain).holds(answer("<html>x</html>"), {})
