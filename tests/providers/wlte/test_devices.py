"""WLTE's devices: every relay is a target."""

import json
from typing import Any

import pytest

from custom_components.command_status.providers.base import Provider, Target
from custom_components.command_status.providers.errors import (
    ProviderInputError,
    ProviderNoAnswerError,
    ProviderPermissionError,
    ProviderTooManyError,
)
from simulators.wlte import WlteSimulator

GATE = Target(
    id="dev-7/1",
    name="Gate relay 1",
    device="dev-7",
    device_name="Gate",
    commands=("ON", "OFF", "JOG"),
    model="RL2",
    online=True,
    label="relay_command",
    placeholders={"relay": "1"},
)


def page(*devices: object, **pagination: object) -> str:
    """Return the answer to a list of devices."""
    data = {"devices": list(devices), "pagination": pagination}
    return json.dumps({"code": "SUCCESS", "message": "ok", "requestId": "req-1", "data": data})


def device(device_id: object = "dev-1", **fields: Any) -> dict[str, Any]:
    """Return a device with one relay, with other fields."""
    relays = {"relays": [{"index": 1, "on": None}]}
    plain = {"deviceId": device_id, "name": "Box", "status": "ONLINE", "peripherals": relays}
    return plain | fields


async def test_every_relay_is_a_target(provider: Provider) -> None:
    """A device without relays is none, and its inputs are none either."""
    targets = {target.id: target for target in await provider.targets()}
    assert sorted(targets) == ["dev-7/1", "dev-7/2", "dev-8/1", "dev-9/1"]
    assert targets["dev-7/1"] == GATE
    assert targets["dev-7/2"].name == "Gate relay 2"
    assert targets["dev-9/1"].online is False


async def test_all_pages_are_read(provider: Provider, cloud: WlteSimulator) -> None:
    """A page has 100 devices at most."""
    cloud.configure({"extra_devices": 250})
    assert len(await provider.targets()) == 254
    assert [request.path.split("?")[1] for request in cloud.log.select("devices")] == [
        "page=1&pageSize=100",
        "page=2&pageSize=100",
        "page=3&pageSize=100",
    ]


async def test_a_device_that_moves_to_another_page_is_told_once(
    provider: Provider, cloud: WlteSimulator
) -> None:
    """Devices may come and go between two pages."""
    cloud.faults.add("status", status=200, body=page(device("a"), hasNext=True), path="page=1")
    cloud.faults.add(
        "status", status=200, body=page(device("a"), device("b"), hasNext=False), path="page=2"
    )
    assert [target.id for target in await provider.targets()] == ["a/1", "b/1"]


async def test_a_list_that_repeats_itself_is_not_followed(
    provider: Provider, cloud: WlteSimulator
) -> None:
    """It would be read for ever."""
    body = page(device(), hasNext=True)
    cloud.faults.add("status", "devices", status=200, body=body, times=None)
    with pytest.raises(ProviderNoAnswerError):
        await provider.targets()
    assert cloud.counts["devices"] == 2


async def test_a_list_without_an_end_is_given_up(provider: Provider, cloud: WlteSimulator) -> None:
    """However many new devices it names."""
    for number in range(1, 102):
        body = page(device(f"dev-{number}"), hasNext=True)
        cloud.faults.add("status", "devices", status=200, body=body)
    with pytest.raises(ProviderNoAnswerError):
        await provider.targets()
    assert cloud.counts["devices"] == 100


async def test_where_no_page_is_told_to_follow_a_full_one_is_followed(
    provider: Provider, cloud: WlteSimulator
) -> None:
    """`pagination` is documented; nothing is lost should it be missing."""
    full = page(*(device(f"dev-{number}") for number in range(100)))
    cloud.faults.add("status", "devices", status=200, body=full)
    cloud.faults.add("status", "devices", status=200, body=page(device("last")))
    assert len(await provider.targets()) == 101


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param({"name": ""}, id="empty"),
        pytest.param({"name": None}, id="null"),
        pytest.param({"name": 7}, id="no text"),
    ],
)
async def test_a_device_without_a_name_goes_by_its_id(
    provider: Provider, cloud: WlteSimulator, odd: dict[str, object]
) -> None:
    """The id is what the vendor's own pages show."""
    body = page(device("dev-1", **odd))
    cloud.faults.add("status", "devices", status=200, body=body)
    (target,) = await provider.targets()
    assert target.device_name == "dev-1"
    assert target.name == "dev-1 relay 1"


async def test_what_nobody_has_documented_is_left_open(
    provider: Provider, cloud: WlteSimulator
) -> None:
    """A connection that is neither on nor off is not known."""
    body = page(device(status="SLEEPING", deviceType=None, firmware="2"))
    cloud.faults.add("status", "devices", status=200, body=body)
    (target,) = await provider.targets()
    assert target.online is None
    assert target.model is None


async def test_answers_with_unknown_fields_are_understood(
    provider: Provider, cloud: WlteSimulator
) -> None:
    """The contract has grown twice already."""
    cloud.settings.extra_fields = True
    assert GATE in await provider.targets()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(page("dev-1"), id="a device that is a text"),
        pytest.param(page(device(None)), id="a device without an id"),
        pytest.param(page(device("")), id="an empty id"),
        pytest.param(page(device("x" * 256)), id="an endless id"),
        pytest.param(page(device(peripherals={"relays": 2})), id="relays that are a number"),
        pytest.param(page(device(peripherals={"relays": [{}]})), id="a relay without a number"),
        pytest.param(page(device(peripherals={"relays": [{"index": 0}]})), id="relay 0"),
        pytest.param(page(device(peripherals={"relays": [{"index": True}]})), id="relay true"),
        pytest.param(page(device(peripherals={"relays": [7]})), id="a relay that is a number"),
        pytest.param('{"code": "SUCCESS", "data": {"devices": null}}', id="no list"),
        pytest.param('{"code": "SUCCESS", "data": []}', id="no data"),
        pytest.param('{"code": "SUCCESS"}', id="nothing"),
        pytest.param("[]", id="no envelope"),
        pytest.param('{"code": "SUCCESS", "data": {"devices": ["\\ud800"]}}', id="half a letter"),
        pytest.param("[" * 100_000, id="deep"),
    ],
)
async def test_a_list_that_is_not_understood_is_no_list(
    provider: Provider, cloud: WlteSimulator, body: str
) -> None:
    """Whoever is missing from a complete list may be removed."""
    cloud.faults.add("status", "devices", status=200, body=body)
    with pytest.raises(ProviderNoAnswerError):
        await provider.targets()


async def test_a_list_that_is_not_allowed_is_a_missing_permission(
    provider: Provider, cloud: WlteSimulator
) -> None:
    """Scopes are looked at anew with every request."""
    cloud.set_client(scopes=())
    with pytest.raises(ProviderPermissionError) as raised:
        await provider.targets()
    assert raised.value.code == "AUTH_SCOPE_DENIED"


class TestOrder:
    """The user's words, for the gate with its two relays."""

    @pytest.fixture
    async def gate(self, provider: Provider) -> tuple[Target, ...]:
        """Return the targets of the gate."""
        return tuple(t for t in await provider.targets() if t.device == "dev-7")

    @pytest.mark.parametrize("word", ["jog", "JOG", "Jog", " jog "])
    def test_actions_are_shown_in_upper_case(
        self, provider: Provider, gate: tuple[Target, ...], word: str
    ) -> None:
        """As the vendor writes them."""
        order = provider.order(gate, word, {"relay": 1})
        assert order.command == "JOG"
        assert order.target == gate[0]
        assert order.parameters == {"relay": 1}
        assert order.payload is None

    @pytest.mark.parametrize("relay", [2, "2", " 2 "])
    def test_the_relay_may_come_from_a_template(
        self, provider: Provider, gate: tuple[Target, ...], relay: object
    ) -> None:
        """Templates make texts of numbers."""
        order = provider.order(gate, "ON", {"relay": relay})
        assert order.target == gate[1]
        assert order.parameters == {"relay": 2}

    def test_the_only_relay_need_not_be_named(
        self, provider: Provider, gate: tuple[Target, ...]
    ) -> None:
        """It is shown all the same."""
        order = provider.order(gate[1:], "OFF", {})
        assert order.target == gate[1]
        assert order.parameters == {"relay": 2}

    def test_one_of_several_relays_must_be_named(
        self, provider: Provider, gate: tuple[Target, ...]
    ) -> None:
        """A gate and a light may hang on the same device."""
        with pytest.raises(ProviderInputError) as raised:
            provider.order(gate, "ON", {})
        assert raised.value.text_key == "relay_missing"
        assert raised.value.placeholders == {
            "device": "Gate",
            "parameter": "relay",
            "accepted": "1, 2",
        }

    @pytest.mark.parametrize("relay", [3, 0, -1, "two", "", None, True, 1.5, [1], "²"])
    def test_a_relay_that_is_not_there_is_refused(
        self, provider: Provider, gate: tuple[Target, ...], relay: object
    ) -> None:
        """The error says which there are."""
        with pytest.raises(ProviderInputError) as raised:
            provider.order(gate, "ON", {"relay": relay})
        assert raised.value.text_key == "invalid_parameter"
        assert raised.value.placeholders == {"parameter": "relay", "accepted": "1, 2"}

    def test_a_target_and_another_relay_contradict_each_other(
        self, provider: Provider, gate: tuple[Target, ...]
    ) -> None:
        """Neither of the two is more likely to be meant."""
        with pytest.raises(ProviderInputError) as raised:
            provider.order(gate[:1], "ON", {"relay": 2})
        assert raised.value.placeholders["accepted"] == "1"

    def test_unknown_parameters_are_refused(
        self, provider: Provider, gate: tuple[Target, ...]
    ) -> None:
        """A duration, say, would be ignored silently: it is stored in the device."""
        with pytest.raises(ProviderInputError) as raised:
            provider.order(gate, "JOG", {"relay": 1, "seconds": 3})
        assert raised.value.text_key == "unknown_parameter"
        assert raised.value.placeholders == {"parameter": "seconds", "accepted": "relay"}

    @pytest.mark.parametrize("word", ["", "TOGGLE", "ON;OFF"])
    def test_unknown_actions_are_refused(
        self, provider: Provider, gate: tuple[Target, ...], word: str
    ) -> None:
        """The error says which there are."""
        with pytest.raises(ProviderInputError) as raised:
            provider.order(gate, word, {"relay": 1})
        assert raised.value.text_key == "unknown_command"
        assert raised.value.placeholders == {"command": word, "accepted": "ON, OFF, JOG"}

    def test_a_saved_command_has_no_parameters(
        self, provider: Provider, gate: tuple[Target, ...]
    ) -> None:
        """The target says which relay."""
        assert provider.parameters(gate[0], "JOG") == ()


@pytest.mark.parametrize(
    "told", [{"totalPages": 2}, {"hasNext": True}, {"totalPages": 2, "hasNext": False}]
)
async def test_a_short_page_that_is_not_the_last_is_not_all(
    provider: Provider, cloud: WlteSimulator, told: dict[str, object]
) -> None:
    """A server may give less than it was asked for."""
    first = page(*(device(f"dev-{number}") for number in range(20)), **told)
    cloud.faults.add("status", "devices", status=200, body=first)
    cloud.faults.add("status", "devices", status=200, body=page(device("last"), hasNext=False))
    assert len(await provider.targets()) == 21


async def test_a_list_shorter_than_it_says_is_no_list(
    provider: Provider, cloud: WlteSimulator
) -> None:
    """Whoever is missing from it may be removed."""
    body = page(device(), total=230, hasNext=False)
    cloud.faults.add("status", "devices", status=200, body=body)
    with pytest.raises(ProviderNoAnswerError, match="not complete"):
        await provider.targets()


@pytest.mark.parametrize(
    "odd",
    [
        "dev-0",
        device(None),
        device("a\n"),
        device("dev-0", peripherals={"relays": 2}),
        device("dev-0", peripherals={"relays": [{"index": 0}, {}, 7]}),
    ],
)
async def test_one_odd_device_costs_no_other(
    provider: Provider, cloud: WlteSimulator, odd: object
) -> None:
    """But who is missing from such a list may be there all the same."""
    body = page(odd, device(name="Half \ud83d\0"), total=2)
    cloud.faults.add("status", "devices", status=200, body=body)
    targets = await provider.targets()
    assert [target.device_name for target in targets] == ["Half \ufffd\ufffd"]
    assert not targets.whole


async def test_an_odd_relay_costs_no_other(provider: Provider, cloud: WlteSimulator) -> None:
    """The gate beside it can be opened."""
    relays = {"relays": [{"index": 0}, {"index": 2}]}
    cloud.faults.add("status", "devices", status=200, body=page(device(peripherals=relays)))
    targets = await provider.targets()
    assert [target.id for target in targets] == ["dev-1/2"]
    assert not targets.whole


async def test_an_endless_name_is_cut(provider: Provider, cloud: WlteSimulator) -> None:
    """A state has 255 characters."""
    cloud.faults.add("status", "devices", status=200, body=page(device(name="x " * 5000)))
    (target,) = await provider.targets()
    assert len(target.device_name) == 255


@pytest.mark.parametrize(
    "body",
    [
        page(device(), total=5001, hasNext=True),
        page(
            *(
                device(f"d{d}", peripherals={"relays": [{"index": i} for i in range(1, 1000)]})
                for d in range(6)
            )
        ),
    ],
    ids=["devices", "relays"],
)
async def test_more_than_5000_relays_are_told_at_once(
    provider: Provider, cloud: WlteSimulator, body: str
) -> None:
    """Each is a target."""
    cloud.faults.add("status", "devices", status=200, body=body)
    with pytest.raises(ProviderTooManyError, match="more than 5,000 targets"):
        await provider.targets()
    assert cloud.counts["devices"] == 1
