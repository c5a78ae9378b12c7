"""What one version writes, another can read."""

from dataclasses import fields, replace
import json
from types import MappingProxyType
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.command_status.tracking import (
    Clause,
    Command,
    CommandState,
    Evidence,
    Expectation,
    Phase,
    Step,
    UnreadableError,
    from_plain,
    to_plain,
)

from .builders import T0, a_command

RECORD = to_plain(a_command())


def on_disk(*commands: Command) -> Any:
    """Return what is read of commands that were written as JSON."""
    return json.loads(json.dumps([to_plain(command) for command in commands]))


EVERYTHING = a_command(
    device="dev",
    covers=("a", "b"),
    parameters={"relay": 1, "deep": {"er": [1, None]}},
    payload={"password": "rosebud"},
    tag="t",
    subentry_id="s",
    user_id="anna",
    batch="b",
    offline=True,
    offline_hub="Hub",
    command_id="c",
    request_id="r",
    network_id="n",
    kept={"stage": 1},
    phase=Phase.UNSURE,
    state=CommandState.TIMEOUT,
    provider_state="ODD",
    reason="why",
    progress=0,
    result=[{"x": None}],
    late=True,
    stopping=True,
    settled=True,
    seen=True,
    polls=7,
    sent_at=T0 + 1,
    finished_at=T0 + 2,
    expect=Expectation(
        entity="cover.garage",
        clauses=(
            Clause(values=("closed",)),
            Clause(attribute="position", values=(0,), tolerance=1.0),
            Clause(attribute="lux", above=0.0, below=7.5),
            Clause(unlike=("jammed",)),
        ),
        seconds=5.0,
    ),
    evidence=Evidence.AWAITED,
    word=CommandState.SUCCESS,
    source="automation.evening",
    changes=(Step(CommandState.TIMEOUT, "ODD", T0 + 2),),
    extra={"mood": "good"},
)


def test_every_field_survives() -> None:
    """A field that is added and forgotten here fails this test."""
    defaults = {field.name for field in fields(Command)} - set(RECORD)
    untouched = {
        name for name in defaults if getattr(EVERYTHING, name) == getattr(a_command(), name)
    }
    assert untouched == set()
    assert from_plain(on_disk(EVERYTHING)).commands == (EVERYTHING,)


def test_words_of_the_provider_are_in_memory_once() -> None:
    """Thousands of commands are written down in a handful of them."""
    plain = json.loads(json.dumps([to_plain(EVERYTHING), to_plain(EVERYTHING)]))
    one, other = from_plain(plain).commands
    assert one.changes[0].provider_state is other.changes[0].provider_state


def test_what_is_as_usual_is_not_written() -> None:
    """An open command takes a few hundred bytes, however many fields there will be."""
    assert set(RECORD) == {
        "tracking_id",
        "target",
        "target_name",
        "command",
        "created_at",
        "deadline",
    }


def test_frozen_mappings_are_written_as_plain_ones() -> None:
    """JSON knows no other kind."""
    frozen = a_command(parameters=MappingProxyType({"relay": 1}))
    assert from_plain(on_disk(frozen)).commands[0].parameters == {"relay": 1}


def test_the_order_of_records_and_fields_is_kept() -> None:
    """The same commands always give the same bytes."""
    commands = (a_command(2), a_command(1, tag="t"))
    assert from_plain(on_disk(*commands)).commands == commands
    assert list(to_plain(commands[1])) == [*RECORD, "tag"]


# Another version


def test_unknown_fields_stay_with_their_command() -> None:
    """A newer version finds again what it wrote, even after an older one has written in between."""
    newer = {**RECORD, "mood": {"of": "the day"}, "extra": 1}
    (command,) = from_plain([newer]).commands
    assert command.tracking_id == "id-001"
    changed = replace(command, state=CommandState.SENT)
    assert to_plain(changed) == {**newer, "state": "sent"}


@pytest.mark.parametrize(
    "word",
    [
        {"state": "pondering"},
        {"phase": "hovering"},
        {"evidence": "felt"},
        {"expect": {"entity": "cover.a", "clauses": [{"smell": "burnt"}], "seconds": 0}},
        {"expect": {"entity": "cover.a", "clauses": ["closed"], "seconds": 0}},
        {"expect": {"entity": "cover.a", "clauses": [{"attribute": 1}], "seconds": 0}},
        {"expect": "closed"},
    ],
    ids=str,
)
def test_a_command_in_an_unknown_state_is_carried_along(word: dict[str, str]) -> None:
    """We cannot follow it, but the version that knows the word can."""
    newer = {**RECORD, **word, "mood": "good"}
    contents = from_plain([newer, RECORD])
    assert contents.foreign == (newer,)
    assert contents.commands == (a_command(),)


# Damage


@pytest.mark.parametrize("data", [None, 7, True, 1.5], ids=str)
def test_what_is_no_list_is_unreadable(data: Any) -> None:
    """The file is JSON, but not ours."""
    with pytest.raises(UnreadableError):
        from_plain(data)


@pytest.mark.parametrize("record", [None, 7, "text", [], {}, {"tracking_id": 7}], ids=str)
def test_what_has_no_tracking_id_is_unreadable(record: Any) -> None:
    """No version writes such a record."""
    with pytest.raises(UnreadableError):
        from_plain([record])


@pytest.mark.parametrize("name", sorted(RECORD))
def test_a_record_that_lacks_a_field_is_unreadable(name: str) -> None:
    """Half a command cannot be followed."""
    with pytest.raises(UnreadableError):
        from_plain([{key: value for key, value in RECORD.items() if key != name}])


@pytest.mark.parametrize(
    "damage",
    [
        {"target": None},
        {"created_at": "noon"},
        {"deadline": None},
        {"deadline": float("nan")},
        {"deadline": float("inf")},
        {"deadline": 10**400},
        {"sent_at": []},
        {"state": 1},
        {"state": None},
        {"phase": ["waiting"]},
        {"parameters": None},
        {"payload": 1},
        {"covers": "target"},
        {"covers": [1]},
        {"polls": "many"},
        {"late": "yes"},
        {"tag": 5},
        {"progress": 0.5},
    ],
    ids=str,
)
def test_a_value_of_the_wrong_kind_is_unreadable(damage: dict[str, Any]) -> None:
    """It would do its damage later, in a place where nobody expects it."""
    with pytest.raises(UnreadableError):
        from_plain([{**RECORD, **damage}])


# Whatever is on disk

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(max_examples=200)
@given(
    data=json_values
    | st.lists(
        st.dictionaries(
            st.sampled_from([field.name for field in fields(Command)]), json_values
        ).map(lambda damage: {**RECORD, **damage}),
        max_size=3,
    )
)
def test_data_is_read_or_refused_and_nothing_else(data: Any) -> None:
    """A damaged journal must be recognised as such, never stop Home Assistant."""
    try:
        contents = from_plain(data)
    except UnreadableError:
        return
    written = [to_plain(command) for command in contents.commands]
    assert from_plain(written).commands == contents.commands
    assert len(contents.commands) + len(contents.foreign) == len(data)


texts = st.text(max_size=8)
moments = st.floats(0, 4e9)
commands = st.builds(
    Command,
    tracking_id=texts,
    target=texts,
    target_name=texts,
    command=texts,
    created_at=moments,
    deadline=moments,
    covers=st.lists(texts, max_size=3).map(tuple),
    parameters=st.dictionaries(texts, st.integers() | texts, max_size=3),
    payload=st.none() | st.dictionaries(texts, texts, max_size=2),
    tag=st.none() | texts,
    phase=st.sampled_from(Phase),
    state=st.sampled_from(CommandState),
    progress=st.none() | st.integers(0, 100),
    late=st.booleans(),
    sent_at=st.none() | moments,
    polls=st.integers(0, 10**6),
    extra=st.dictionaries(texts.map("new_{}".format), texts, max_size=2),
)


@settings(max_examples=100)
@given(written=st.lists(commands, max_size=4))
def test_every_command_survives_the_disk(written: list[Command]) -> None:
    """Whatever a user called it, and whatever it was sent with."""
    assert from_plain(on_disk(*written)).commands == tuple(written)


def test_what_many_commands_have_in_common_is_in_memory_once() -> None:
    """After a start there may be thousands of them, to a handful of targets."""
    alike = a_command(device="dev", network_id="n", provider_state="ODD", user_id="anna")
    one, other = from_plain(on_disk(alike, replace(alike, tracking_id="other"))).commands
    shared = (
        "target",
        "target_name",
        "command",
        "device",
        "network_id",
        "provider_state",
        "user_id",
        "parameters",
        "kept",
    )
    assert [name for name in shared if getattr(one, name) is not getattr(other, name)] == []
