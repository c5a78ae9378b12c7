"""What users read holds together: a text for all that has one, and no text for anything else.

What needs a text is found in the code and in the tables, so that nobody need keep a list of it.
"""

import ast
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
import dataclasses
import json
from pathlib import Path
import re
from string import Formatter
from typing import Any

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import condition, config_validation as cv, service, trigger
from homeassistant.helpers.icon import async_get_icons
from homeassistant.helpers.selector import SelectSelector
from homeassistant.loader import async_get_integration
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
import pytest
import voluptuous as vol

from custom_components.command_status.account.errors import TEXTS as TEXTS_OF_PROVIDERS
from custom_components.command_status.account.issues import FIXABLE, Issue
from custom_components.command_status.account.records import EVENT_FIELDS
from custom_components.command_status.const import DOCS_URL, DOMAIN
from custom_components.command_status.flows.api_command import ERRORS as ERRORS_OF_COMMANDS
from custom_components.command_status.flows.forms import OFF, ON
from custom_components.command_status.flows.sign_in import ERRORS
from custom_components.command_status.providers import PROVIDERS
from custom_components.command_status.providers.base import Field, Form, Menu, Target
from custom_components.command_status.providers.blink.constants import CALLS
from custom_components.command_status.providers.esper.arguments import form
from custom_components.command_status.providers.esper.commands import OFFERED
from custom_components.command_status.providers.rest.composing import (
    ACCOUNT_FIELDS,
    ADVANCED_FIELDS,
    DRAFTING,
    HERE,
)
from custom_components.command_status.providers.wlte.models import Action
from custom_components.command_status.tracking import FINAL, CommandState

from .providers.accounts import ACCOUNTS
from .providers.stages import PLAYERS

ROOT = Path(__file__).parents[1] / "custom_components" / DOMAIN
TEXTS: dict[str, Any] = json.loads((ROOT / "translations" / "en.json").read_text())
ICONS: dict[str, Any] = json.loads((ROOT / "icons.json").read_text())
SERVICES: dict[str, Any] = load_yaml_dict(str(ROOT / "services.yaml"))


def offered(name: str) -> dict[str, Any]:
    """Return the triggers or conditions; what begins with a dot is an anchor."""
    described = load_yaml_dict(str(ROOT / f"{name}.yaml"))
    return {key: value for key, value in described.items() if not key.startswith(".")}


AUTOMATION = {"triggers": offered("triggers"), "conditions": offered("conditions")}

type Descriptions = Callable[[HomeAssistant], Awaitable[Mapping[str, Mapping[str, Any] | None]]]
"""Returns what Home Assistant tells its editors of all triggers, or of all conditions."""

TARGET = set(map(str, cv.ENTITY_SERVICE_FIELDS))
"""The fields of a call in which Home Assistant says what an action is to act on."""

STATES = {state.value for state in CommandState}
RULES = 54
"""How many rules the quality scale has."""
RULES_WITH_EXCEPTIONS = {
    "config-flow",
    "discovery",
    "discovery-update-info",
    "docs-high-level-description",
    "docs-supported-devices",
    "entity-unavailable",
    "inject-websession",
    "reauthentication-flow",
    "reconfiguration-flow",
    "test-before-configure",
}
"""Those whose text names exceptions; of every other one it says "There are no exceptions"
(developers.home-assistant.io, Integration Quality Scale, rules)."""


def leaves(texts: Mapping[str, Any], *path: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Go through all texts, with where they stand."""
    for key, value in texts.items():
        if isinstance(value, str):
            yield (*path, key), value
        else:
            yield from leaves(value, *path, key)


def placeholders(text: str) -> set[str]:
    """Return the words that are filled into a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


# What stands in the code

PROVIDER_FILES = sorted((ROOT / "providers").rglob("*.py"))


def calls(paths: Iterable[Path]) -> Iterator[tuple[str, ast.Call]]:
    """Go through all calls in some files, with the name of what is called."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func).rpartition(".")[2], node


def literal(node: ast.expr | None) -> str | None:
    """Return the text that an expression is, where it is one."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def literals(node: ast.expr | None) -> list[str | None]:
    """Return the text that a node is, or both of those between which it chooses."""
    if isinstance(node, ast.IfExp):
        return [*literals(node.body), *literals(node.orelse)]
    return [literal(node)]


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return an argument of a call by its name."""
    return next((k.value for k in call.keywords if k.arg == name), None)


def named_in(node: ast.expr | None) -> set[str] | None:
    """Return the keys of a dictionary that is written out; None for anything else."""
    if not isinstance(node, ast.Dict):
        return None
    return {key for key in map(literal, node.keys) if key is not None}


def errors_of(name: str, call: ast.Call) -> Iterator[tuple[str | None, set[str] | None]]:
    """Return the key of an error's text and the words for it, where a call makes an error.

    None stands for words that the call does not write out.
    """
    first = call.args[0] if call.args else None
    if name == "invalid":
        words = {k.arg for k in call.keywords if k.arg}
        yield literal(first), None if len(words) < len(call.keywords) else words
    elif name == "give_up" or (name == "end" and first is not None):
        yield literal(first), set()
    elif name == "ProviderInputError":
        yield literal(first), named_in(call.args[1]) if len(call.args) > 1 else set()
    elif keyword(call, "translation_domain") is not None:
        given = keyword(call, "translation_placeholders")
        for key in literals(keyword(call, "translation_key")):
            yield key, set() if given is None else named_in(given)


def errors() -> list[tuple[str, set[str] | None]]:
    """Return every error of the code that has a text, with the words that it gives to it."""
    found = [error for name, call in calls(ROOT.rglob("*.py")) for error in errors_of(name, call)]
    return [(key, words) for key, words in found if key is not None]


def labels() -> set[str]:
    """Return the names that providers give to the entities of their targets."""
    found = {
        label
        for name, call in calls(PROVIDER_FILES)
        if name in {"Target", "replace"}
        for label in literals(keyword(call, "label"))
    }
    usual = {field.default for field in dataclasses.fields(Target) if field.name == "label"}
    return {str(label) for label in found | usual if label is not None}


def entity_keys(platform: str) -> set[str]:
    """Return the translation keys of the entities of a platform."""
    path = ROOT / f"{platform}.py"
    own = {literal(keyword(call, "translation_key")) for _, call in calls([path])} - {None}
    of_targets = labels() if "TargetEntity" in path.read_text() else set()
    return {key for key in own if key is not None} | of_targets


PLATFORMS = sorted(platform for platform in Platform if (ROOT / f"{platform}.py").exists())


# Dialogues

STEPS = {
    step_id: step
    for description in PROVIDERS.values()
    for step_id, step in description.steps.items()
}
FORMS = {step_id: step for step_id, step in STEPS.items() if isinstance(step, Form)}
MENUS = {step_id: step for step_id, step in STEPS.items() if isinstance(step, Menu)}


def test_every_step_has_texts() -> None:
    """Also those that are made from the table of providers."""
    assert TEXTS["config"]["step"].keys() == {"user", "reauth_confirm"} | STEPS.keys()


def assert_fields_have_texts(texts: Mapping[str, Any], fields: Iterable[Field]) -> None:
    """Each field has a name and an explanation, and no other has one."""
    names = {field.name for field in fields}
    assert texts["data"].keys() == names
    assert texts["data_description"].keys() == names


@pytest.mark.parametrize("step_id", FORMS)
def test_every_field_has_a_name_and_an_explanation(step_id: str) -> None:
    """A field that nobody understands stays empty."""
    texts = TEXTS["config"]["step"][step_id]
    fields = FORMS[step_id].fields
    advanced = [field for field in fields if field.advanced]

    assert {"title", "description"} <= texts.keys()
    assert_fields_have_texts(
        {"data": {}, "data_description": {}, **texts},
        [field for field in fields if not field.advanced],
    )
    assert texts.get("sections", {}).keys() == ({"advanced"} if advanced else set())
    for section in texts.get("sections", {}).values():
        assert {"name", "description"} <= section.keys()
        assert_fields_have_texts(section, advanced)


def test_every_step_fills_in_its_texts() -> None:
    """With what is known of the provider, and what it said when it asked for the step."""
    told = {
        word
        for name, call in calls(PROVIDER_FILES)
        if name == "Challenge"
        for word in named_in(keyword(call, "placeholders")) or ()
    }
    for step_id in STEPS:
        for _, text in leaves(TEXTS["config"]["step"][step_id]):
            assert placeholders(text) <= {"portal_url"} | told
    for _, text in leaves(TEXTS["config"]["step"]["reauth_confirm"]):
        assert placeholders(text) <= {"account"}


def test_every_choice_of_a_menu_has_a_text() -> None:
    """The providers' names first."""
    steps = TEXTS["config"]["step"]

    assert steps["user"]["menu_options"].keys() == PROVIDERS.keys()
    for step_id, menu in MENUS.items():
        assert steps[step_id]["menu_options"].keys() == set(menu.options)


def test_everything_that_can_go_wrong_in_a_dialogue_has_a_text() -> None:
    """Each its own."""
    assert TEXTS["config"]["error"].keys() == ERRORS
    assert len(set(TEXTS["config"]["error"].values())) == len(ERRORS)
    assert TEXTS["config"]["abort"].keys() == {
        "already_configured",
        "reauth_successful",
        "reconfigure_successful",
        "wrong_account",
    }


def test_every_option_has_a_name_and_an_explanation() -> None:
    """The choice of devices, and of entities, only where some provider has it."""
    texts = TEXTS["options"]["step"]["init"]
    chosen = {
        "entities" if account.is_house else "devices"
        for account in ACCOUNTS.values()
        if account.chosen_devices
    }
    names = {"timeout", "keep_finished", "panel"} | chosen

    assert texts["data"].keys() == texts["data_description"].keys() == names
    settings = TEXTS["options"]["step"]["settings"]
    assert settings == {key: texts[key] for key in ("title", "data", "data_description")}
    assert texts["menu_options"].keys() == {"settings", "export"}
    export = TEXTS["options"]["step"]["export"]
    assert export["data"].keys() == export["data_description"].keys() == {"description"}


def test_every_step_of_a_saved_command_has_texts() -> None:
    """And every field of it, and everything that can be wrong with it."""
    tree = ast.parse((ROOT / "flows" / "saved_command.py").read_text())
    steps = {
        node.name.removeprefix("async_step_")
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("async_step_")
    }
    texts = TEXTS["config_subentries"]["command"]
    wrong = {key for name, call in calls(PROVIDER_FILES) for key, _ in errors_of(name, call)}

    assert texts["step"].keys() == steps
    for step in texts["step"].values():
        assert step["data"].keys() == step["data_description"].keys()
    labels = texts["step"]["parameters"]["data"]
    parameters = {name for player in PLAYERS.values() for name in player.can.parameters}
    unlabelled = sorted(parameters - labels.keys())
    assert not unlabelled, f"parameters without a label in en.json: {unlabelled}"
    assert labels.keys() == {"timeout", "title"} | parameters
    section = texts["step"]["parameters"]["sections"]["expect"]
    assert section["data"].keys() == section["data_description"].keys()
    expected = {"entity_not_found", "expect_entity", "expect_what"}
    too_large = {"object_too_large", "text_too_long"}
    others = {"confirm_required", "no_commands", "timeout_range"}
    assert texts["error"].keys() == wrong | expected | too_large | others
    assert texts["initiate_flow"].keys() == {"user", "reconfigure"}
    assert texts["abort"].keys() == {"entry_not_loaded", "reconfigure_successful"}
    assert texts["entry_type"]


DRAFTED = DRAFTING.steps(())


def test_every_step_of_a_described_command_has_texts() -> None:
    """And every field of it, and everything that can be wrong with it."""
    texts = TEXTS["config_subentries"]["api_command"]
    refused = {key for name, call in calls(PROVIDER_FILES) for key, _ in errors_of(name, call)}
    wrong = refused - {"knows_no_command", "relay_missing", "unknown_command"}

    assert texts["step"].keys() == {*DRAFTED, "try", "tried"}
    for step, fields in DRAFTED.items():
        assert_fields_have_texts(texts["step"][step], fields)
    assert texts["step"]["try"]["data"].keys() == {"send", "values"}
    assert texts["step"]["tried"]["menu_options"].keys() == {"save", "user", "try"}
    assert texts["error"].keys() == ERRORS_OF_COMMANDS | wrong
    assert texts["initiate_flow"].keys() == {"user", "reconfigure"}
    assert texts["abort"].keys() == {
        "entry_not_loaded",
        "forgotten",
        "reconfigure_successful",
        "saved",
        "too_many",
    }
    assert texts["entry_type"]


def test_what_an_account_is_asked_for_that_is_described_here_has_texts() -> None:
    """Beside the address, which every account is asked for."""
    texts = TEXTS["config"]["step"]["rest_account"]
    advanced = texts["sections"]["advanced"]

    assert {field.name for field in ACCOUNT_FIELDS} < texts["data"].keys()
    assert {field.name for field in ADVANCED_FIELDS} < advanced["data"].keys()
    assert texts["data"].keys() == texts["data_description"].keys()
    assert advanced["data"].keys() == advanced["data_description"].keys()


# Errors and issues


def test_every_error_has_a_text() -> None:
    """And every text an error that it can belong to."""
    assert TEXTS["exceptions"].keys() == {key for key, _ in errors()} | TEXTS_OF_PROVIDERS


def test_every_error_fills_in_its_text() -> None:
    """A word that is not given would be shown in braces."""
    missing = {
        (key, word)
        for key, words in errors()
        if words is not None
        for word in placeholders(TEXTS["exceptions"][key]["message"]) - words
    }

    assert not missing


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_an_error_reads_as_a_sentence(hass: HomeAssistant) -> None:
    """With the words of the call in it."""
    await async_setup_component(hass, DOMAIN, {})

    with pytest.raises(ServiceValidationError) as refusal:
        await hass.services.async_call(
            DOMAIN, "send_command", {"device_id": "no-such-device", "command": "ON"}, blocking=True
        )

    text = TEXTS["exceptions"]["device_not_found"]["message"]
    assert str(refusal.value) == text.format(device="no-such-device").rstrip(".")


WORDS_OF_ISSUES = {
    Issue.CLIENT_BLOCKED: {"account"},
    Issue.INVALID_DESCRIPTION: {"file", "line", "reason"},
    Issue.JOURNAL_DAMAGED: {"account", "files"},
    Issue.NOT_SAVED: {"account"},
    Issue.TARGET_GONE: {"account", "command", "target"},
    Issue.TOO_MANY_TARGETS: {"account", "error"},
    Issue.UPDATE_REQUIRED: {"account"},
}


def test_every_issue_has_texts() -> None:
    """One that can be mended here has a dialogue for that, any other one a description."""
    assert TEXTS["issues"].keys() == set(Issue) == WORDS_OF_ISSUES.keys()

    for key, texts in TEXTS["issues"].items():
        assert ("fix_flow" in texts) is (Issue(key) in FIXABLE)
        assert ("description" in texts) is not ("fix_flow" in texts)
        for _, text in leaves(texts):
            assert placeholders(text) <= WORDS_OF_ISSUES[Issue(key)]


# Entities


def test_every_entity_has_a_name() -> None:
    """And no name is left of one that went."""
    assert {platform: set(texts) for platform, texts in TEXTS["entity"].items()} == {
        platform: entity_keys(platform) for platform in PLATFORMS
    }
    assert all("name" in texts for of in TEXTS["entity"].values() for texts in of.values())


def test_a_name_needs_only_the_words_of_its_label() -> None:
    """A relay has a number, and an entity of the house a name."""
    needed = {
        (platform, key): placeholders(texts["name"])
        for platform, of in TEXTS["entity"].items()
        for key, texts in of.items()
    }

    assert {(key, *words) for (_, key), words in needed.items() if words} == {
        ("entity_command", "entity"),
        ("relay_command", "relay"),
    }


@pytest.mark.parametrize("key", sorted(entity_keys("sensor") - {"pending_commands"}))
def test_every_state_and_attribute_of_a_sensor_has_a_text(key: str) -> None:
    """All ten states, and what else is shown of a command."""
    tree = ast.parse((ROOT / "sensor.py").read_text())
    (attributes,) = (
        node.value
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name == "newest_attributes"
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict)
    )
    texts = TEXTS["entity"]["sensor"][key]

    assert texts["state"].keys() == STATES
    assert texts["state_attributes"].keys() == named_in(attributes)


@pytest.mark.parametrize("key", sorted(entity_keys("event")))
def test_every_type_and_attribute_of_an_event_has_a_text(key: str) -> None:
    """All five outcomes, and what else is told about a command."""
    texts = TEXTS["entity"]["event"][key]["state_attributes"]

    assert texts.keys() == {"event_type", *EVENT_FIELDS}
    assert texts["event_type"]["state"].keys() == {state.value for state in FINAL}


# Actions


def fields_of(action: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an action, those of its sections included."""
    found: dict[str, Any] = {}
    for name, field in action.get("fields", {}).items():
        found |= field.get("fields", {name: field})
    return found


def sections_of(action: Mapping[str, Any]) -> set[str]:
    """Return the sections of an action."""
    return {name for name, field in action["fields"].items() if "fields" in field}


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_every_action_is_described_as_it_is(hass: HomeAssistant) -> None:
    """The fields that Home Assistant shows are those that it takes; its schemas accept them."""
    await async_setup_component(hass, DOMAIN, {})
    actions = hass.services.async_services_for_domain(DOMAIN)
    described = (await service.async_get_all_descriptions(hass))[DOMAIN]

    assert described.keys() == SERVICES.keys() == actions.keys()
    for name, action in actions.items():
        assert isinstance(action.schema, vol.Schema)
        taken = {marker.schema: marker for marker in action.schema.schema}
        fields = fields_of(described[name])
        in_target = TARGET if "target" in described[name] else set()
        assert fields.keys() == taken.keys() - in_target
        required = {key for key, marker in taken.items() if isinstance(marker, vol.Required)}
        assert {key for key, field in fields.items() if field.get("required")} == required


@pytest.mark.parametrize("name", SERVICES)
def test_every_action_and_field_has_a_name_and_an_explanation(name: str) -> None:
    """In the editor of automations nothing else tells what they are for."""
    texts = TEXTS["services"][name]

    assert {"name", "description"} <= texts.keys()
    assert texts["fields"].keys() == fields_of(SERVICES[name]).keys()
    assert texts.get("sections", {}).keys() == sections_of(SERVICES[name])
    for part in (*texts["fields"].values(), *texts.get("sections", {}).values()):
        assert part.keys() == {"name", "description"}
    assert not [word for _, text in leaves(texts) for word in placeholders(text)]


def test_no_action_has_texts_without_being_there() -> None:
    """An action that went leaves nothing behind."""
    assert TEXTS["services"].keys() == SERVICES.keys()


def test_every_word_to_choose_from_has_a_text() -> None:
    """All states can be chosen somewhere."""
    selectors = [
        SelectSelector(field["selector"]["select"])
        for described in (SERVICES, *AUTOMATION.values())
        for action in described.values()
        for field in fields_of(action).values()
        if "select" in field["selector"]
    ]
    chosen: dict[str, set[str]] = {}
    for selector in selectors:
        options = {str(option) for option in selector.config["options"]}
        chosen.setdefault(selector.config["translation_key"], set()).update(options)
    asked = (*ACCOUNT_FIELDS, *(field for step in DRAFTED.values() for field in step))
    asked = (*asked, *(field for command in OFFERED for field in form(command)))
    chosen |= {
        field.texts: set(map(str.lower, field.choices))
        for field in asked
        if field.texts is not None
    }
    chosen["api_description"] = {HERE}  # the others have names of their own
    chosen["switch"] = {ON, OFF}

    assert {key: set(texts["options"]) for key, texts in TEXTS["selector"].items()} == chosen


def test_every_usual_command_of_the_clouds_has_a_name() -> None:
    """Where they are saved, and where one is sent by an action."""
    usual = {*Action, *OFFERED, *(word for family in CALLS.values() for word in family)}

    assert TEXTS["selector"]["command"]["options"].keys() == set(map(str.lower, usual))


# Triggers, conditions and the page of system health


@pytest.mark.parametrize(
    ("kind", "descriptions"),
    [
        ("triggers", trigger.async_get_all_descriptions),
        ("conditions", condition.async_get_all_descriptions),
    ],
    ids=["triggers", "conditions"],
)
@pytest.mark.usefixtures("enable_custom_integrations")
async def test_home_assistant_takes_the_descriptions(
    hass: HomeAssistant, kind: str, descriptions: Descriptions
) -> None:
    """A file that its own schema refuses is not shown in the editor of automations."""
    await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    taken = {
        key.removeprefix(f"{DOMAIN}."): set(fields_of(told))
        for key, told in (await descriptions(hass)).items()
        if key.startswith(f"{DOMAIN}.") and told is not None
    }

    assert taken == {key: set(fields_of(told)) for key, told in AUTOMATION[kind].items()}


@pytest.mark.parametrize("kind", AUTOMATION)
def test_every_trigger_and_condition_has_texts(kind: str) -> None:
    """With all their fields."""
    assert TEXTS[kind].keys() == AUTOMATION[kind].keys()
    for name, texts in TEXTS[kind].items():
        assert {"name", "description"} <= texts.keys()
        assert texts.get("fields", {}).keys() == fields_of(AUTOMATION[kind][name]).keys()
        assert all({"name", "description"} == set(f) for f in texts.get("fields", {}).values())


def test_every_fixed_line_of_system_health_has_a_text() -> None:
    """The others are named by their providers."""
    lines = TEXTS["system_health"]["info"]
    source = (ROOT / "system_health.py").read_text()

    assert lines.keys() == {"accounts", "open_commands"}
    assert all(f'"{line}":' in source for line in lines)


# All texts


def test_no_text_holds_an_address() -> None:
    """Addresses change, and translators need not copy them: they are filled in."""
    assert not [path for path, text in leaves(TEXTS) if re.search(r"\w://", text)]
    assert DOCS_URL.startswith("https://")


def test_texts_are_whole_and_tidy() -> None:
    """No reference is left that only Home Assistant's own build would resolve."""
    bad = [path for path, text in leaves(TEXTS) if text != text.strip() or "[%" in text or not text]

    assert not bad


# Icons


def test_icons_are_those_of_things_that_exist() -> None:
    """An icon of something that went is never shown."""
    assert set(ICONS) == {"entity", "services", *AUTOMATION}
    for platform, of in ICONS["entity"].items():
        assert of.keys() <= entity_keys(platform)
        for key, icons in of.items():
            assert (
                icons.get("state", {}).keys()
                <= TEXTS["entity"][platform][key].get("state", {}).keys()
            )
    assert ICONS["services"].keys() == SERVICES.keys()
    assert {kind: set(ICONS[kind]) for kind in AUTOMATION} == {
        kind: set(described) for kind, described in AUTOMATION.items()
    }
    for name, icons in ICONS["services"].items():
        assert set(icons.get("sections", {})) == sections_of(SERVICES[name])
    assert all(re.fullmatch(r"mdi:[a-z0-9-]+", icon) for _, icon in leaves(ICONS))


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_home_assistant_finds_the_icons(hass: HomeAssistant) -> None:
    """They are read from the file that it looks for."""
    await async_setup_component(hass, DOMAIN, {})

    assert (await async_get_icons(hass, "services", [DOMAIN]))[DOMAIN] == ICONS["services"]


# The manifest and the quality scale


def test_the_manifest_is_in_order() -> None:
    """Home Assistant's own checks want the keys so: the domain, the name, then the alphabet."""
    manifest = json.loads((ROOT / "manifest.json").read_text())

    assert list(manifest) == ["domain", "name", *sorted(manifest.keys() - {"domain", "name"})]
    assert manifest == {
        "domain": DOMAIN,
        "name": "Command Status",
        "after_dependencies": ["frontend"],
        "categories": ["hubs_protocols.smart_home_hubs", "diy_makers.web_data_connectors"],
        "codeowners": ["@command-status"],
        "config_flow": True,
        "connectivity": ["cloud", "network"],
        "dependencies": ["http", "websocket_api"],
        "documentation": DOCS_URL,
        "integration_type": "hub",
        "iot_class": "cloud_polling",
        "issue_tracker": f"{DOCS_URL}/issues",
        "requirements": [],
        "version": manifest["version"],
    }


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_home_assistant_takes_the_manifest(hass: HomeAssistant) -> None:
    """A version that it does not understand would keep it from loading."""
    integration = await async_get_integration(hass, DOMAIN)

    assert integration.config_flow
    assert integration.version is not None
    assert integration.version.valid


def test_every_rule_of_the_quality_scale_is_answered() -> None:
    """What is not held says so; only a rule that names exceptions can be one of them."""
    rules = load_yaml_dict(str(ROOT / "quality_scale.yaml"))["rules"]
    assert isinstance(rules, dict)

    assert len(rules) == RULES
    explained = {rule: answer for rule, answer in rules.items() if answer != "done"}
    assert all(answer.keys() == {"status", "comment"} for answer in explained.values())
    exempt = {rule for rule, answer in explained.items() if answer["status"] == "exempt"}
    assert exempt <= RULES_WITH_EXCEPTIONS
    assert {answer["status"] for answer in explained.values()} <= {"exempt", "todo"}
    open_rules = {rule: explained[rule]["comment"] for rule in explained.keys() - exempt}
    assert all(comment.startswith("Not held, because ") for comment in open_rules.values())
