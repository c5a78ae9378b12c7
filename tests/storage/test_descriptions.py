"""Files that describe APIs: read as plain data, whoever wrote them."""

import os
from pathlib import Path
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.command_status.storage import descriptions
from custom_components.command_status.storage.descriptions import DescriptionFile, read_files


def read(folder: Path, content: str | bytes) -> DescriptionFile:
    """Write a file of a user's own and read it, and none of those that come with us."""
    data = content.encode() if isinstance(content, str) else content
    (folder / "mine.yaml").write_bytes(data)
    with patch.object(descriptions, "SHIPPED", folder / "nothing"):
        (file,) = read_files(folder)
    return file


def test_shipped_files_are_read_without_a_folder_of_ones_own(tmp_path: Path) -> None:
    """Hardly anybody has one."""
    files = read_files(tmp_path / "nowhere")
    assert {file.key for file in files} >= {"aria2", "scrapyd"}
    assert not any(file.own or file.error for file in files)


def test_shipped_files_are_read_once(tmp_path: Path) -> None:
    """They change with an update only, while accounts are loaded again and again."""
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    file = shipped / "theirs.yaml"
    file.write_text("a: 1")
    with patch.object(descriptions, "SHIPPED", shipped):
        before = read_files(tmp_path)
        file.unlink()
        assert read_files(tmp_path) == before != []


def test_words_without_quotes_are_what_apis_use(tmp_path: Path) -> None:
    """`on` is a word, as in YAML 1.2, and so are dates and odd numbers."""
    file = read(
        tmp_path,
        "a: on\nb: true\nc: 007\nd: 7\ne: 1.5\nf: ~\ng:\nh: 'true'\ni: 2026-01-01\nj: 1e3\nk: No\n"
        "1: <<\n",
    )
    assert file.plain == {
        "a": "on",
        "b": True,
        "c": "007",
        "d": 7,
        "e": 1.5,
        "f": None,
        "g": None,
        "h": "true",
        "i": "2026-01-01",
        "j": "1e3",
        "k": "No",
        "1": "<<",
    }


def test_lines_are_known(tmp_path: Path) -> None:
    """A mistake is told with its line; what is not there has the line of what is around it."""
    file = read(tmp_path, "a: 1\nb:\n  - c: 2\n  - d\n")
    assert file.line_of(("b", 0, "c")) == 3
    assert file.line_of(("b", 1)) == 4
    assert file.line_of(("b", 9, "x")) == 2
    assert file.line_of(("x",)) == 1


def test_aliases_are_read(tmp_path: Path) -> None:
    """A description repeats itself."""
    assert read(tmp_path, "a: &x [1]\nb: *x\n").plain == {"a": [1], "b": [1]}


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
    for old, new in zip("abcdef", "bcdefg", strict=True)
)


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        ("a: [1", "not_yaml", 1),
        ("a: 1\nb: }", "not_yaml", 2),
        ("a: 1\n---\nb: 2\n", "not_yaml", 2),
        ("a: \x00", "not_yaml", 1),
        ("a: 1\nb: 2\na: 3\n", "duplicate_key", 3),
        ("? [a]\n: 1\n", "not_yaml", 1),
        ("a: !!python/object:os.system x", "tag", 1),
        ("a: 1\nb: !secret password", "tag", 2),
        ("a: !include x.yaml", "tag", 1),
        ("a: !!set {x}", "tag", 1),
        ("a: !!omap [x: 1]", "tag", 1),
        ("a: !!binary aGk=", "tag", 1),
        ("a: &x [*x]", "too_large", 1),
        (BOMB, "too_large", 1),
        ("[" * 60 + "]" * 60, "too_large", 1),
        ("[" * 5000, "not_yaml", 1),
        ("#" * 300_000, "too_large", 1),
        (b"a: 1\nb: \xff\n", "not_utf8", 2),
    ],
)
def test_what_is_no_plain_data_is_refused(
    tmp_path: Path, content: str | bytes, reason: str, line: int
) -> None:
    """Neither a tag nor a bomb does anything."""
    error = read(tmp_path, content).error
    assert error is not None
    assert (error.reason, error.line) == (reason, line)


def test_an_empty_file_is_nothing(tmp_path: Path) -> None:
    """It is no description, which is said elsewhere."""
    assert read(tmp_path, "").plain is None


def test_a_link_leads_nowhere_outside(tmp_path: Path) -> None:
    """Not to the secrets of Home Assistant, and to itself neither."""
    folder = tmp_path / "command_status"
    folder.mkdir()
    (tmp_path / "secrets.yaml").write_text("a: 1\n")
    (folder / "real.yaml").write_text("a: 1\n")
    (folder / "away.yaml").symlink_to(tmp_path / "secrets.yaml")
    (folder / "home.yaml").symlink_to(folder / "real.yaml")
    (folder / "loop.yaml").symlink_to(folder / "loop.yaml")
    (folder / "gone.yaml").symlink_to(folder / "nothing.yaml")
    (folder / "other.txt").write_text("a: 1\n")
    found = {file.key: file.error and file.error.reason for file in read_files(folder) if file.own}
    assert found.pop("loop") in {"outside_folder", "unreadable"}
    assert found == {"away": "outside_folder", "gone": "unreadable", "home": None, "real": None}


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A pipe would be waited for, and a folder cannot be read."""
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    found = {
        file.key: file.error and file.error.reason for file in read_files(tmp_path) if file.own
    }
    assert found == {"pipe": "not_a_file", "folder": "not_a_file"}


def test_a_link_that_leads_to_itself_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Older systems say it in another way."""

    def endless(*_: object, **__: object) -> Path:
        raise RuntimeError

    (tmp_path / "mine.yaml").write_text("a: 1")
    monkeypatch.setattr(descriptions, "SHIPPED", tmp_path / "nothing")
    monkeypatch.setattr(Path, "resolve", endless)
    (file,) = read_files(tmp_path)
    assert file.error is not None
    assert file.error.reason == "outside_folder"


@given(content=st.binary(max_size=60) | st.text(alphabet="a:-[]{}&*!|>'\"\n #?,1", max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_file_holds(tmp_path: Path, content: str | bytes) -> None:
    """It is read, or refused by our own word."""
    file = read(tmp_path, content)
    assert file.error is None or file.error.line >= 1
