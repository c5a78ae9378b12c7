"""Every language tells the same as English, in words of its own.

Home Assistant shows English wherever a translation is missing or has other placeholders, and
at most its log tells: nobody who reads English would notice. So what is here is right; what is
missing, because whoever wrote the English text speaks no other language, is translated before a
release, which cannot be made until then (`scripts/make_package.py`).
"""

from collections.abc import Mapping
import json
import re
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
import pytest

from custom_components.command_status.const import DOMAIN
from custom_components.command_status.tracking import FINAL, CommandState

from .test_texts import ROOT, TEXTS, leaves, placeholders

FOLDER: Final = ROOT / "translations"
LANGUAGES: Final = ("de", "es", "fr", "it", "nl", "pl", "pt-BR")

NAMES: Final = {"Blink", "Bluetooth", "Command Status", "Esper", "WLTE Open Platform"}
"""What is called the same everywhere."""

SHARED: Final[Mapping[str, set[str]]] = {
    "de": {"App", "Code", "Limit", "Name", "Option", "Position", "Tag", "Tags", "Version"},
    "es": {"Tag", "Tags", "Wi-Fi"},
    "fr": {
        "Action",
        "Arguments",
        "Code",
        "Configuration",
        "Date",
        "Message",
        "Mode",
        "Notifications",
        "Option",
        "Oscillation",
        "Position",
        "Rotation",
        "Source",
        "Tag",
        "Tags",
        "Version",
        "Volume",
        "Wi-Fi",
    },
    "it": {"Account", "App", "Area", "Password", "Tag", "Tenant", "Volume", "Wi-Fi"},
    "nl": {
        "Account",
        "Accounts",
        "App",
        "Code",
        "Details",
        "Filters",
        "Media",
        "Parameters",
        "Tag",
        "Tags",
        "Tenant",
        "Volume",
    },
    "pl": {"Limit", "Tag", "Wi-Fi"},
    "pt-BR": {"Tag", "Tags", "Volume", "Wi-Fi"},
}
"""Words that a language shares with English; any other text in English was forgotten."""

type Texts = dict[tuple[str, ...], str]

ENGLISH: Final[Texts] = dict(leaves(TEXTS))


def load(language: str) -> dict[str, Any]:
    """Return what the file of a language holds."""
    texts: dict[str, Any] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return texts


@pytest.fixture(params=sorted(path.stem for path in FOLDER.glob("*.json") if path.stem != "en"))
def language(request: pytest.FixtureRequest) -> str:
    """Return a language that has a file."""
    return str(request.param)


@pytest.fixture
def texts(language: str) -> Texts:
    """Return its texts, with where they stand."""
    return dict(leaves(load(language)))


def test_the_promised_languages_are_there() -> None:
    """A file that went would take its tests with it."""
    assert {path.stem for path in FOLDER.iterdir()} == {"en", *LANGUAGES}
    assert SHARED.keys() == set(LANGUAGES)


def test_a_language_has_no_text_that_english_has_not(texts: Texts) -> None:
    """And in the same order, so that files can be read side by side."""
    assert list(texts) == [path for path in ENGLISH if path in texts]


def test_a_translation_fills_in_the_same_words(texts: Texts) -> None:
    """Home Assistant throws away one with other placeholders."""
    assert {path: placeholders(text) for path, text in texts.items()} == {
        path: placeholders(ENGLISH[path]) for path in texts
    }


def test_a_translation_keeps_links_and_paragraphs(texts: Texts) -> None:
    """What is a link in English is one in every language, to the same place."""

    def shape(text: str) -> list[str]:
        return re.findall(r"\]\(.+?\)|\n+", text)

    assert {path: shape(text) for path, text in texts.items()} == {
        path: shape(ENGLISH[path]) for path in texts
    }


def test_no_text_stays_in_english(language: str, texts: Texts) -> None:
    """Except names, and words that are the same; those that are so no more leave the list."""
    same = {text for path, text in texts.items() if text == ENGLISH[path]}

    assert same == NAMES | SHARED[language]


def test_a_text_is_translated_once(texts: Texts) -> None:
    """The same words in English, such as those of a state, are the same words in each language."""
    translations: dict[str, set[str]] = {}
    for path, text in texts.items():
        translations.setdefault(ENGLISH[path], set()).add(text)

    assert not {english: found for english, found in translations.items() if len(found) > 1}


def test_a_translation_is_tidy_and_holds_no_address(texts: Texts) -> None:
    """Addresses are filled in; a reference is resolved only in Home Assistant's own build."""
    bad = re.compile(r"^\s|\s$|\w://|\[%")

    assert not [path for path, text in texts.items() if not text or bad.search(text)]


def test_no_apostrophe_hides_a_placeholder(texts: Texts) -> None:
    """In the message format of the frontend, one before a brace would show the brace itself.

    French and Italian come near it: "d'{account}".
    """
    assert not [path for path, text in texts.items() if re.search(r"'[{}<]", text)]


def test_states_can_be_told_apart(language: str) -> None:
    """Two states of the same words would be one to those who read them."""
    translated = load(language)
    states = translated["selector"]["command_state"]["options"]
    outcomes = translated["entity"]["event"]["command"]["state_attributes"]["event_type"]["state"]

    assert len(set(states.values())) == len(CommandState)
    assert len(set(outcomes.values())) == len(FINAL)
    assert states.items() >= outcomes.items()


@pytest.mark.parametrize("category", ["config", "entity", "exceptions", "services"])
@pytest.mark.usefixtures("enable_custom_integrations")
async def test_home_assistant_speaks_the_language(
    hass: HomeAssistant, language: str, texts: Texts, category: str
) -> None:
    """It reads the file, and shows English only where a text is missing."""
    assert await async_get_translations(hass, language, category, [DOMAIN]) == {
        ".".join(("component", DOMAIN, *path)): text
        for path, text in (ENGLISH | texts).items()
        if path[0] == category
    }
