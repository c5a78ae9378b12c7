"""The pages for readers: what they show works, what they list is complete, where they point is."""

from collections.abc import Iterator, Mapping
import json
from pathlib import Path
import re
from typing import Any, Final
from unittest.mock import Mock
from urllib.parse import parse_qs, unquote, urlsplit

from homeassistant.components.automation.config import async_validate_config_item
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict, parse_yaml
import pytest

from custom_components.command_status.account.display import View
from custom_components.command_status.account.issues import Issue, learn_more
from custom_components.command_status.account.records import EVENT_FIELDS, as_event, as_record
from custom_components.command_status.account.sentences import Sentences
from custom_components.command_status.const import DOMAIN
from custom_components.command_status.flows.sign_in import ERRORS
from custom_components.command_status.providers import PROVIDERS
from custom_components.command_status.providers.base import DESCRIBED, Form
from custom_components.command_status.sensor import newest_attributes
from custom_components.command_status.tracking import Command, CommandState

from .providers.accounts import ACCOUNTS

ROOT: Final = Path(__file__).parents[1]
DOCS: Final = ROOT / "docs"
INTEGRATION: Final = ROOT / "custom_components" / DOMAIN
REPOSITORY: Final = "https://github.com/command-status/command-status"

PAGES: Final = tuple(
    sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")], key=lambda page: str(page.relative_to(ROOT)))
)

FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)


def prose(page: Path) -> str:
    """Return the text of a page without its fenced blocks."""
    return FENCE.sub("", page.read_text())


def fenced(text: str, language: str) -> list[str]:
    """Return the fenced blocks of a text that are in a language."""
    return [block for found, block in FENCE.findall(text) if found == language]


def blocks(page: Path, language: str) -> list[str]:
    """Return the fenced blocks of a page that are in a language."""
    return fenced(page.read_text(), language)


def as_anchor(title: str) -> str:
    """Return the anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page."""
    return {as_anchor(title) for title in HEADING.findall(prose(page))}


def section(page: Path, title: str) -> str:
    """Return what stands below a heading, up to the next one of any level."""
    return page.read_text().split(f"# {title}\n", 1)[1].split("\n#", 1)[0]


def links(page: Path) -> Iterator[str]:
    """Return what a page points at, pictures included."""
    return (match.group(1) for match in LINK.finditer(prose(page)))


def each[T](pairs: Mapping[str, T]) -> pytest.MarkDecorator:
    """Run a test once for each value, named by its key."""
    return pytest.mark.parametrize("given", pairs.values(), ids=list(pairs))


BY_PAGE: Final = {str(page.relative_to(ROOT)): page for page in PAGES}

YAML: Final = {
    f"{name} {number}": text
    for name, page in BY_PAGE.items()
    for number, text in enumerate(blocks(page, "yaml"), 1)
}

TEXTS: Final = json.loads((INTEGRATION / "translations" / "en.json").read_text())
"""What Home Assistant shows of us in English."""


# Where pages point


@each(BY_PAGE)
def test_links_between_pages_lead_somewhere(given: Path) -> None:
    """A page that moved, or a heading that was changed, leaves readers standing."""
    for link in links(given):
        if urlsplit(link).scheme:
            continue
        path, _, anchor = link.partition("#")
        target = (given.parent / unquote(path)).resolve() if path else given
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_is_in_the_list_of_pages() -> None:
    """A page that nobody finds need not have been written."""
    listed = {(DOCS / link).resolve() for link in links(DOCS / "README.md")}
    assert set(DOCS.rglob("*.md")) - {DOCS / "README.md"} <= listed


@each(BY_PAGE)
def test_links_into_our_repository_name_what_is_there(given: Path) -> None:
    """Blueprints are imported by such links, in one click that must not fail."""
    for link in links(given):
        parts = urlsplit(link)
        urls = [link, *parse_qs(parts.query).get("blueprint_url", [])]
        for url in urls:
            if url.startswith(f"{REPOSITORY}/blob/main/"):
                assert (ROOT / url.removeprefix(f"{REPOSITORY}/blob/main/")).exists(), url


@pytest.mark.parametrize("name", ["README.md", "docs/blueprints.md"])
def test_every_blueprint_can_be_imported(name: str) -> None:
    """By a link that Home Assistant opens by itself."""
    links_to = {
        url
        for link in links(BY_PAGE[name])
        for url in parse_qs(urlsplit(link).query).get("blueprint_url", [])
    }
    blueprints = (path.relative_to(ROOT) for path in (ROOT / "blueprints").rglob("*.yaml"))
    assert links_to == {f"{REPOSITORY}/blob/main/{path}" for path in blueprints}


# Examples


def ours(config: Any, kind: str) -> Iterator[Mapping[str, Any]]:
    """Return every `action`, `trigger` or `condition` of ours in an example, at any depth."""
    if isinstance(config, Mapping):
        if str(config.get(kind)).startswith(f"{DOMAIN}."):
            yield config
        config = list(config.values())
    if isinstance(config, list):
        for item in config:
            yield from ours(item, kind)


def as_automation(example: Mapping[str, Any]) -> dict[str, Any]:
    """Return an automation around an example that is a part of one."""
    whole = {"triggers": [], "actions": []} | dict(example)
    return whole if "action" not in example else {"triggers": [], "actions": [example]}


@pytest.fixture
async def home(
    hass: HomeAssistant,
    enable_custom_integrations: None,  # noqa: ARG001 - with it ours is found
) -> HomeAssistant:
    """Return a Home Assistant that knows our actions, triggers and conditions."""
    for component in ("event", "automation", DOMAIN):
        assert await async_setup_component(hass, component, {})
    return hass


DESCRIPTIONS: Final = {
    name: text for name, text in YAML.items() if name.startswith("docs/descriptions.md")
}

CARDS: Final = {name: text for name, text in YAML.items() if name.startswith("docs/dashboards.md")}


@each(DESCRIPTIONS)
def test_descriptions_are_valid(given: str) -> None:
    """Readers begin with them."""
    assert PROVIDERS["rest"].account({DESCRIBED: parse_yaml(given)}).windows == {"make": 60}


@each(CARDS)
def test_cards_can_be_pasted(given: str) -> None:
    """One at a time, into the editor of a card; a browser test shows what comes of it."""
    card = parse_yaml(given)
    assert isinstance(card, dict)
    assert card["type"]


SPOKEN: Final = {name: text for name, text in YAML.items() if "trigger: conversation" in text}
"""They need what Home Assistant installs for Assist; an end-to-end test says them to it."""


@each({name: text for name, text in YAML.items() if name not in DESCRIPTIONS | CARDS | SPOKEN})
async def test_examples_are_valid(home: HomeAssistant, given: str) -> None:
    """Readers copy them; Home Assistant itself says whether it would take them."""
    example = parse_yaml(given)
    assert isinstance(example, dict)
    assert await async_validate_config_item(home, "example", as_automation(example))


@each({name: text for name, text in YAML.items() if list(ours(parse_yaml(text), "action"))})
async def test_examples_call_actions_as_they_are(home: HomeAssistant, given: str) -> None:
    """A script is checked when it runs, and then it is too late."""
    actions = home.services.async_services()[DOMAIN]
    for call in ours(parse_yaml(given), "action"):
        schema = actions[call["action"].removeprefix(f"{DOMAIN}.")].schema
        assert schema is not None
        schema(call["data"] | call.get("target", {}))  # as Home Assistant puts them together


@each({name: page for name, page in BY_PAGE.items() if blocks(page, "json")})
def test_json_can_be_read(given: Path) -> None:
    """It is copied, too."""
    for text in blocks(given, "json"):
        json.loads(text)


# Completeness


def fields_of(description: Mapping[str, Any]) -> Iterator[str]:
    """Return the fields of an action, trigger or condition, those in sections included."""
    for name, field in description.get("fields", {}).items():
        if "fields" in field:
            yield from fields_of(field)
        else:
            yield name


def described(file: str) -> dict[str, dict[str, Any]]:
    """Return what one of our YAML files describes."""
    loaded: Mapping[str, Any] = load_yaml_dict(INTEGRATION / file)
    return {key: value for key, value in loaded.items() if not key.startswith(".")}


@each({name: (name, action) for name, action in described("services.yaml").items()})
def test_every_field_of_an_action_is_explained(given: tuple[str, dict[str, Any]]) -> None:
    """Each action has a section of its own."""
    name, action = given
    text = section(DOCS / "actions.md", name)
    shared = section(DOCS / "actions.md", "cancel_command")
    explained = text + (shared if "those of `cancel_command`" in text else "")
    assert not [field for field in fields_of(action) if f"`{field}`" not in explained]


AUTOMATED: Final = {
    f"{kind} {key}": (kind, key, description)
    for kind in ("trigger", "condition")
    for key, description in described(f"{kind}s.yaml").items()
}


@each(AUTOMATED)
def test_every_trigger_and_condition_is_explained(given: tuple[str, str, dict[str, Any]]) -> None:
    """In a section of its own, by clicks and in YAML, whichever the reader prefers."""
    kind, key, description = given
    page = DOCS / f"{kind}s.md"
    texts = TEXTS[f"{kind}s"][key]
    text = section(page, texts["name"])
    assert f"**Add {kind} > {texts['name']}**" in text
    assert f"`{DOMAIN}.{key}`" in text
    examples = [each for block in fenced(text, "yaml") for each in ours(parse_yaml(block), kind)]
    assert [each[kind] for each in examples] == [f"{DOMAIN}.{key}"]
    whole = page.read_text()
    for option in fields_of(description):
        assert f"| `{option}` | **{texts['fields'][option]['name']}** |" in whole


def test_every_state_is_explained() -> None:
    """With our word, and whether it is final."""
    text = (DOCS / "states.md").read_text()
    assert not [state for state in CommandState if f"| `{state}` | " not in text]


def test_the_record_is_shown_as_it_is() -> None:
    """Field by field, in the example and in the table."""
    command = Command(
        tracking_id="1", target="1", target_name="1", command="1", created_at=0, deadline=0
    )
    sentences = Mock(spec=Sentences)
    record = as_record(command, provider="1", entry_id="1", device_id=None, sentences=sentences)
    page = DOCS / "record.md"
    (example,) = blocks(page, "json")
    assert list(json.loads(example)) == list(record)
    table = section(page, "The record").split("|---|---|")[1]
    assert not [field for field in record if f"`{field}`" not in table]
    told = section(page, "The event on the bus").split("Its data:")[1].split(".\n")[0]
    assert re.findall(r"`(\w+)`", told) == list(as_event(record))
    entities = DOCS / "entities.md"
    shown = newest_attributes(View(newest=command, pending=0)) or {}
    assert not [name for name in shown if f"`{name}`" not in section(entities, "Sensors")]
    events = section(entities, "Event entities")
    assert not [name for name in EVENT_FIELDS if f"`{name}`" not in events]


def page_of(provider: str) -> Path:
    """Return the page of a provider, which has to be there."""
    page = DOCS / "providers" / f"{provider}.md"
    assert page.exists(), (
        f"docs/providers/{provider}.md is missing: a page about {provider} with its commands, "
        "its words (| `word` | `state` |) and its cadence (| up to 60 s | 2 s |)"
    )
    return page


def test_a_missing_page_is_told_in_a_sentence() -> None:
    """Whoever adds a provider reads what to write, and not the trace of an error."""
    with pytest.raises(AssertionError, match=r"docs/providers/lamp\.md is missing: a page about"):
        page_of("lamp")


@pytest.mark.parametrize("provider", PROVIDERS)
class TestProviderPage:
    """Each provider has a page of its own."""

    @pytest.fixture
    def text(self, provider: str) -> str:
        """Return the page."""
        return page_of(provider).read_text()

    def test_it_tells_what_each_word_means(self, provider: str, text: str) -> None:
        """Users see the word beside our state."""
        words = ACCOUNTS[provider].provider_states.items()
        assert not [word for word, state in words if f"| `{word}` | `{state}` |" not in text]

    def test_it_tells_how_often_the_cloud_is_asked(self, provider: str, text: str) -> None:
        """In the numbers that are really used."""
        steps = ACCOUNTS[provider].policy.cadence.steps
        told = [f"| up to {limit:g} s | {interval:g} s |" for limit, interval in steps[:-1]]
        told += [f"| older | {interval:g} s |" for _, interval in steps[-1:]]
        assert not [row for row in told or ["Never. The entity tells."] if row not in text]

    def test_it_names_what_needs_a_confirmation(self, provider: str, text: str) -> None:
        """Before somebody tries."""
        assert not [word for word in ACCOUNTS[provider].confirm if f"`{word}`" not in text]

    def test_the_fields_of_the_sign_in_are_explained(self, provider: str) -> None:
        """Beside those of the others, on the page about accounts."""
        text = (DOCS / "accounts.md").read_text()
        forms = [step for step in PROVIDERS[provider].steps.values() if isinstance(step, Form)]
        names = [field.name for form in forms for field in form.fields]
        untold = [name for name in names if f"`{name}`" not in text]
        assert not untold, f"not in docs/accounts.md: {untold}"


def test_every_error_of_a_form_has_advice() -> None:
    """Somebody who cannot get in reads this first."""
    text = section(DOCS / "troubleshooting.md", "When you add an account")
    assert not [word for word in ERRORS if f"| `{word}` | " not in text]


@pytest.mark.parametrize("issue", Issue)
def test_learn_more_of_a_repair_leads_to_its_paragraph(issue: Issue) -> None:
    """Which begins with the words that Home Assistant shows."""
    path, _, anchor = learn_more(issue).removeprefix(f"{REPOSITORY}/blob/main/").partition("#")
    titles = {as_anchor(title): title for title in HEADING.findall(prose(ROOT / path))}
    words = re.sub(r"\{\w+\}", "...", TEXTS["issues"][issue]["title"])
    assert section(ROOT / path, titles[anchor]).strip().startswith(f'"{words}":')


# What people must know before they install


def test_the_oldest_home_assistant_is_told_as_it_is() -> None:
    """Where HACS and the Marketplace read it, on the badge, and where it is explained."""
    oldest = json.loads((ROOT / "hacs.json").read_text())["homeassistant"].removesuffix(".0")
    assert f"Home_Assistant-{oldest}_or_newer" in (ROOT / "README.md").read_text()
    assert f"Home Assistant {oldest} or newer" in (DOCS / "installation.md").read_text()


@pytest.mark.parametrize("cloud", ["blink", "esper", "wlte"])
def test_a_cloud_that_nobody_tried_is_called_so(cloud: str) -> None:
    """Whoever has an account there decides with that in mind, and is asked to tell."""
    introduction = (DOCS / "providers" / f"{cloud}.md").read_text().split("\n## ")[0]
    assert "**Not tried with a real account yet:**" in introduction
    assert f"({REPOSITORY}/issues/new/choose)" in introduction
