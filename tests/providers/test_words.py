"""Foreign words: what is taken out of them, and what is left."""

import json
from time import perf_counter
from typing import Any

from homeassistant.helpers.json import json_bytes
import pytest

from custom_components.command_status.providers.words import (
    CUT,
    DATA_SIZE,
    MOST_LEVELS,
    REDACTED,
    TEXT_LENGTH,
    Filter,
    hidden_in,
    identifier,
    legible,
    redact,
    secrets_in,
    too_deep,
)

UUID = "3d0c8a52-0000-4000-8000-000000000002"


@pytest.fixture
def words() -> Filter:
    """Return the filter of an account with one key."""
    return Filter("key-of-mine")


class TestSentences:
    """Reasons, words and messages."""

    @pytest.mark.parametrize(
        ("said", "shown"),
        [
            ("the key key-of-mine is old", f"the key {REDACTED} is old"),
            ("KEY-OF-MINE", REDACTED),
            ("write to you@example.com", f"write to {REDACTED}"),
            ("user=you%40example.com&x", f"user={REDACTED}&x"),
            ("call +353 1 234 5678 now", f"call {REDACTED} now"),
            ("sent to +61xxxxxxxx00", f"sent to {REDACTED}"),
            ("call (555) 123-4567", f"call {REDACTED}"),
            ("/accounts/123456/networks", f"/accounts/{REDACTED}/networks"),
            ("Bearer abc", f"Bearer {REDACTED}"),
            (f"eyJ{'a' * 40}.{'b2' * 20}", f"{REDACTED}.{REDACTED}"),
            ("Authorization: Basic eA==", f"Authorization: {REDACTED}"),
            ("wrong pin: 1234", f"wrong pin: {REDACTED}"),
            ("userPin=x", f"userPin={REDACTED}"),
            ('{"access_key": "AKIA", "n": 3}', f'{{"access_key": "{REDACTED}", "n": 3}}'),
            ("api-key=foo;psk = 'bar'", f"api-key={REDACTED};psk = '{REDACTED}'"),
        ],
    )
    def test_what_is_nobodys_business_is_hidden(self, words: Filter, said: str, shown: str) -> None:
        """Reasons end up in states, events, records and logs."""
        assert words.text(said) == shown
        assert words.text(shown) == shown

    @pytest.mark.parametrize(
        "said",
        [
            "Command In Progress",
            "the pin is wrong",
            "token: expired",
            f"device {UUID} is gone",
            "com.example.app.kiosk.launcher.beta",
            "shopping spinners at 2026-11-01T10:00:00Z",
            "Android 14, build UP1A.231005.007 on 10.0.26100.1",
            "HTTP 503",
        ],
    )
    def test_what_helps_is_kept(self, words: Filter, said: str) -> None:
        """Nobody can mend what is hidden."""
        assert words.text(said) == said

    @pytest.mark.parametrize(
        ("said", "shown"),
        [
            ("a\x00b\x1b[31m", "a\ufffdb\ufffd[31m"),
            ("one\r\ntwo\u2028three", "one two three"),
            ("half \ud83d", "half \ufffd"),
            ("to \u202eright\u2066", "to right"),
            ("Tür 😀", "Tür 😀"),
        ],
    )
    def test_what_is_no_letter_is_replaced(self, words: Filter, said: str, shown: str) -> None:
        """A log line stays one line, and every file can hold it."""
        assert words.text(said) == shown
        assert words.name(said) == shown
        assert legible(said) == shown

    def test_a_sentence_is_not_longer_than_a_state(self, words: Filter) -> None:
        """The recorder drops what is longer."""
        assert len(words.text("No! " * 100_000)) == TEXT_LENGTH
        assert len(words.name("N" * 300)) == TEXT_LENGTH

    @pytest.mark.parametrize("said", ["a", "+", "pin:", "a@", "x-", "token", "'=", "\u202e", "1 "])
    def test_no_text_takes_long(self, words: Filter, said: str) -> None:
        """An answer may have a mebibyte, and Home Assistant waits for us."""
        text = said * (2**20 // len(said))
        begin = perf_counter()
        words.text(text)
        words.data({"note": text})
        assert perf_counter() - begin < 2

    def test_a_name_may_have_long_numbers(self, words: Filter) -> None:
        """People tell their devices apart by them; but not by addresses or keys."""
        assert words.name("SM-T510 R52M70ABCDEF1234567") == "SM-T510 R52M70ABCDEF1234567"
        assert words.name("Tablet of you@example.com, key-of-mine") == (
            f"Tablet of {REDACTED}, {REDACTED}"
        )


class TestSecrets:
    """What the filter knows."""

    def test_a_secret_is_found_however_it_is_written(self) -> None:
        """In JSON, in a URL, on one line."""
        words = Filter('a "b"/ä')
        for way in ('a "b"/ä', 'a \\"b\\"/ä', 'a \\"b\\"/\\u00e4', "a%20%22b%22%2F%C3%A4"):
            assert words.text(f"<{way}>") == f"<{REDACTED}>"

    def test_a_short_secret_hides_no_part_of_a_word(self) -> None:
        """Or nothing would be left to read."""
        assert Filter("1").text("1 of 10, 1.") == f"{REDACTED} of 10, {REDACTED}."

    def test_the_longer_secret_comes_first(self) -> None:
        """One may be a part of another."""
        assert Filter("abcd", "abcd-efgh").text("abcd-efgh abcd") == f"{REDACTED} {REDACTED}"

    def test_the_newest_tokens_are_known(self, words: Filter) -> None:
        """A cloud may quote one that was just replaced; nobody needs all of them."""
        tokens = [f"tok-{chr(97 + n)}{chr(97 + n)}" for n in range(10)]
        words.learn(*tokens, tokens[2], "")
        assert words.text(tokens[0]) == tokens[0]
        assert {words.text(token) for token in tokens[2:]} == {REDACTED}

    def test_what_a_command_was_sent_with_is_known_until_it_is_over(self, words: Filter) -> None:
        """A cloud may repeat a Wi-Fi password with any status, minutes later."""
        words.hold("one", ["hunter", ""])
        words.hold("two", ["hunter"])
        words.hold("two", ["hunter"])
        words.hold("three", [])
        assert words.text("hunter") == REDACTED
        words.release("one")
        assert words.text("hunter") == REDACTED
        words.release("two")
        words.release("three")
        assert words.text("hunter") == "hunter"

    def test_not_more_than_a_thousand_commands_are_remembered(self, words: Filter) -> None:
        """Even if nobody says that they are over."""
        for number in range(1001):
            words.hold(f"{number}", [f"secret-of-{'abcdefghij'[number % 10]}-{number}x"])
        assert words.text("secret-of-a-0x") == "secret-of-a-0x"
        assert words.text("secret-of-b-1x") == REDACTED


class TestData:
    """Results and parameters."""

    @pytest.mark.parametrize(
        "name",
        [
            *("pin", "PIN", "userPin", "pin_code", "pinCode", "wifiPIN", "Authorization"),
            *("api-key", "apiKey", "access_key", "accesskey", "network_key", "private key"),
            *("password", "Wi-Fi passphrase", "passcode", "wifi_pwd", "PSK", "client_secret"),
            *("token", "refreshToken", "credentials", "auth", "otp", "Set-Cookie", "pre_shared"),
        ],
    )
    def test_what_is_called_a_secret_is_one(self, words: Filter, name: str) -> None:
        """At any depth."""
        assert words.data({"a": [{name: ["x"]}]}) == {"a": [{name: REDACTED}]}
        assert redact({"a": ({name: 1},)}) == {"a": [{name: REDACTED}]}
        assert list(secrets_in([{name: {"b": ["x", 1, None, True]}}])) == ["x", "1"]

    @pytest.mark.parametrize(
        "name", ["product_key", "key", "spin", "shopping", "author", "pinned", "passed", "opinion"]
    )
    def test_other_names_are_not(self, words: Filter, name: str) -> None:
        """They look alike, and people need what is under them."""
        assert words.data({name: "x"}) == redact({name: "x"}) == {name: "x"}

    def test_texts_are_cleaned_and_other_values_kept(self, words: Filter) -> None:
        """A switch hides nothing, and a text of JSON may hide anything."""
        said = {"a": "key-of-mine\x00", "pin": True, "b": [1, 2.5, None], "c": '{"psk": "x"}'}
        assert words.data(said) == {
            "a": f"{REDACTED}\ufffd",
            "pin": True,
            "b": [1, 2.5, None],
            "c": REDACTED,
        }

    @pytest.mark.parametrize(
        "said",
        [
            [{"id": n, "text": "ü word " * 9} for n in range(5000)],
            {f"name {n} {'é' * 50}": n for n in range(5000)},
            "a word " * 20_000,
            list(range(100_000)),
            {"a": "a word " * 2200, "b": [1.0] * 2000, "c": "x"},
        ],
        ids=["a list", "an object", "a text", "numbers", "one thing after the other"],
    )
    def test_what_is_too_large_is_cut_and_says_so(self, words: Filter, said: Any) -> None:
        """A record has to fit into an event and into the recorder."""
        kept = words.data(said)
        written = json.dumps(kept, ensure_ascii=False).encode()
        assert DATA_SIZE // 2 < len(written) <= DATA_SIZE
        assert CUT in written.decode()
        assert type(kept) is type(said)

    def test_what_fits_is_kept_whole(self, words: Filter) -> None:
        """Nothing is cut before it has to be."""
        said = {"a": ["word"] * 500}
        assert words.data(said) == said

    def test_an_abyss_has_an_end(self, words: Filter) -> None:
        """What writes records down gives up at some 250 levels."""
        deep: Any = {"a": "x"}
        for _ in range(3000):
            deep = [{"a": deep}]
        assert CUT.encode() in json_bytes(words.data(deep))
        assert too_deep(deep)

    def test_the_depth_is_counted(self) -> None:
        """Up to the limit, all is well."""
        deep: Any = 1
        for _ in range(MOST_LEVELS - 1):
            deep = {"a": deep}
        assert not too_deep(deep)
        assert too_deep([deep])

    def test_a_text_that_looks_like_json_need_not_be(self) -> None:
        """Nor must one that is deeper than the abyss."""
        assert redact("[x") == "[x"
        assert redact("[" * 100_000) == "[" * 100_000
        assert redact("[" * 100 + "]" * 100) == "[" * 100 + "]" * 100

    def test_what_is_not_shown_is_secret(self) -> None:
        """Whatever a provider had its reasons to hide."""
        real = {"a": "x", "b": ["y", 1], "c": {"d": "z"}, "e": '{"psk": "w"}', "f": [1, 2]}
        shown = {"a": "x", "b": [REDACTED, 1], "c": {"d": REDACTED}, "e": REDACTED, "f": [1]}
        assert set(hidden_in(shown, real)) == {"y", "z", '{"psk": "w"}', "w", "1", "2"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a-1", "a-1"),
        (7, "7"),
        ("ä b", "ä b"),
        (True, None),
        (1.5, None),
        (None, None),
        ([], None),
        ("", None),
    ],
)
def test_an_id_is_a_text_or_a_number(value: object, text: str | None) -> None:
    """Whatever else stands in its place is none."""
    assert identifier(value) == text


@pytest.mark.parametrize(
    "value", ["a\n", "\ud800", "a\ufffd", " a", "x" * 256, 10**400, "\u202e", "you@b.c"]
)
def test_what_nobody_can_write_is_no_id(value: object) -> None:
    """It goes into paths, keys and files."""
    assert identifier(value) is None
