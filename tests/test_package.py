"""What a release is made of."""

from collections.abc import Callable
import json
from pathlib import Path
import re
import subprocess
from typing import Final
from zipfile import ZipFile

from homeassistant.util.yaml import load_yaml_dict
import pytest

from scripts import make_package
from scripts.make_package import PackageError

type Tree = dict[str, bytes]

SOUND: Tree = {
    "__init__.py": b"",
    "manifest.json": b'{"domain": "command_status", "version": "1.2.3"}',
    "translations/en.json": b"{}",
    "brand/icon.png": b"png",
    "panel/files/panel.js": b"",
    "panel/files/loader.js": b"",
    "panel/files/LICENSES.txt": b"",
    "providers/base.py": b"",
}


def plant(root: Path, files: Tree) -> None:
    """Write files of the integration."""
    for name, content in files.items():
        path = root / make_package.INTEGRATION / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with a sound integration."""
    hacs = {"name": "x", "zip_release": True, "filename": "command_status.zip"}
    (tmp_path / "hacs.json").write_text(json.dumps(hacs))
    plant(tmp_path, SOUND)
    return tmp_path


def test_our_own_release_is_good(tmp_path: Path) -> None:
    """The integration as it stands could be released, under the name that hacs.json gives."""
    (tmp_path / "custom_components").symlink_to(make_package.ROOT / "custom_components")
    (tmp_path / "hacs.json").symlink_to(make_package.ROOT / "hacs.json")
    assert make_package.make(tmp_path) == tmp_path / "dist" / "command_status.zip"
    assert make_package.check(tmp_path)["domain"] == "command_status"


def test_the_manifest_stands_at_the_top(root: Path) -> None:
    """Installers unpack the archive straight into the folder of the integration."""
    with ZipFile(make_package.make(root)) as archive:
        assert set(archive.namelist()) == set(SOUND)


def test_the_same_tree_makes_the_same_archive(root: Path) -> None:
    """A release can be made again and compared."""
    first = make_package.make(root).read_bytes()
    plant(root, SOUND)  # with new dates
    assert make_package.make(root).read_bytes() == first


def test_caches_stay_at_home(root: Path) -> None:
    """They are for one Python on one machine, and there whenever the tests have run."""
    plant(root, {"__pycache__/base.cpython-314.pyc": b"", "providers/__pycache__/x.pyc": b""})
    with ZipFile(make_package.make(root)) as archive:
        assert set(archive.namelist()) == set(SOUND)
    make_package.check(root)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".env", b""),
        ("providers/.hidden/base.py", b""),
        ("notes.html", b""),
        ("base.py.orig", b""),
        ("native.so", b""),
        ("translations/huge.json", b" " * (make_package.MOST_OF_A_FILE + 1)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_belong_there_stops_a_release(root: Path, name: str, content: bytes) -> None:
    """Everybody who installs it would get it."""
    plant(root, {name: content})
    make_package.make(root)
    with pytest.raises(PackageError, match=name):
        make_package.check(root)


@pytest.mark.parametrize("name", make_package.NEEDED)
def test_what_is_missing_stops_a_release(root: Path, name: str) -> None:
    """Without it Home Assistant cannot load or show the integration."""
    (root / make_package.INTEGRATION / name).unlink()
    make_package.make(root)
    with pytest.raises(PackageError, match=f"{name} is missing"):
        make_package.check(root)


def test_many_small_files_can_be_too_much(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at a total that creeps up."""
    monkeypatch.setattr(make_package, "MOST_OF_ALL", 10)
    make_package.make(root)
    with pytest.raises(PackageError, match="all together"):
        make_package.check(root)


def foreign_domain(root: Path) -> None:
    """Make an archive of another integration."""
    plant(root, {"manifest.json": b'{"domain": "other", "version": "1.2.3"}'})
    make_package.make(root)


def changed_since(root: Path) -> None:
    """Change a file after the archive was made."""
    make_package.make(root)
    plant(root, {"providers/base.py": b"changed"})


def name_twice(root: Path) -> None:
    """Put a second file with the name of another into the archive."""
    with (
        ZipFile(make_package.make(root), "a") as archive,
        pytest.warns(UserWarning, match="Duplicate"),
    ):
        archive.writestr("manifest.json", b"{}")


def folder_at_the_top(root: Path) -> None:
    """Pack the folder itself instead of its content."""
    (root / make_package.DIST).mkdir()
    with ZipFile(root / make_package.DIST / "command_status.zip", "w") as archive:
        for name, content in SOUND.items():
            archive.writestr(f"command_status/{name}", content)


def way_out(root: Path) -> None:
    """Name a file that would be unpacked elsewhere."""
    with ZipFile(make_package.make(root), "a") as archive:
        archive.writestr("../configuration.yaml", b"")


def nothing_made(root: Path) -> None:
    """Forget to make it."""


@pytest.mark.parametrize(
    "spoil",
    [foreign_domain, changed_since, name_twice, folder_at_the_top, way_out, nothing_made],
    ids=lambda spoil: spoil.__name__,
)
def test_a_spoilt_archive_is_recognised(root: Path, spoil: Callable[[Path], None]) -> None:
    """The file itself is looked at, not what it should have been made from."""
    spoil(root)
    with pytest.raises(PackageError):
        make_package.check(root)


@pytest.mark.parametrize(
    "hacs", [{"name": "x"}, {"name": "x", "zip_release": True}], ids=["no zip", "no name"]
)
def test_installers_must_know_the_name(root: Path, hacs: dict[str, object]) -> None:
    """Without it they would take the source of the whole repository."""
    (root / "hacs.json").write_text(json.dumps(hacs))
    with pytest.raises(PackageError, match=r"hacs\.json"):
        make_package.make(root)


def test_the_tag_is_the_version() -> None:
    """Home Assistant shows the one, installers the other."""
    make_package.check_tag("v1.2.3", "1.2.3")
    with pytest.raises(PackageError, match=r"v1\.2\.4"):
        make_package.check_tag("v1.2.4", "1.2.3")


def test_a_release_waits_for_its_translations(root: Path) -> None:
    """Whoever wrote a text may speak English only; whoever uses it need not."""
    english: Tree = {"translations/en.json": b'{"config": {"title": "Gate", "step": "Open"}}'}
    plant(root, english | {"translations/de.json": b'{"config": {"title": "Tor"}}'})
    with pytest.raises(PackageError, match=r"not translated: de: config\.step$"):
        make_package.check_languages(root)

    plant(root, {"translations/de.json": '{"config": {"title": "Tor", "step": "Öffnen"}}'.encode()})
    make_package.check_languages(root)


CHANGELOG = """# Changelog

## [Unreleased]

## [1.2.3] - 2026-11-20

### Added

- Gates.

## [1.2.2] - 2026-11-19

- Doors.
"""


def test_a_release_tells_what_is_new() -> None:
    """The notes are those of the changelog, which was written for users."""
    assert make_package.release_notes(CHANGELOG, "1.2.3") == "### Added\n\n- Gates.\n"


@pytest.mark.parametrize("version", ["1.2.4", "Unreleased", "1.2"])
def test_a_release_without_news_is_none(version: str) -> None:
    """Somebody forgot to move what is unreleased below a heading of its own."""
    with pytest.raises(PackageError):
        make_package.release_notes(CHANGELOG, version)


def test_the_command_says_no_with_its_exit_code(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A workflow stops at it, before anything is released."""
    (root / "CHANGELOG.md").write_text(CHANGELOG)
    monkeypatch.setattr(make_package, "ROOT", root)
    monkeypatch.setattr("sys.argv", ["scripts/package", "--tag", "v9"])
    assert make_package.main() == 1
    assert "v9" in capsys.readouterr().err


def git(root: Path, *arguments: str) -> None:
    """Do something with the repository."""
    who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.invalid")
    command = ("git", *who, *arguments)
    subprocess.run(command, cwd=root, check=True, capture_output=True)  # noqa: S603 - our own


def publish(root: Path, tag: str = "v1.2.3") -> None:
    """Put the integration, as it stands, under a tag."""
    git(root, "init", "--quiet")
    git(root, "add", "--all", "custom_components")
    git(root, "commit", "--quiet", "--message", "Release", "--no-gpg-sign")
    git(root, "tag", tag)


def test_the_archive_is_what_git_has_under_the_tag(root: Path) -> None:
    """Whoever looks at the source of a release sees what is installed."""
    publish(root)
    make_package.make(root)
    make_package.check_git(root, "v1.2.3")


def a_changed_file(root: Path) -> None:
    """Let a tool change a file on the way."""
    plant(root, {"providers/base.py": b"import os"})


def a_new_file(root: Path) -> None:
    """Let a tool leave a file behind that would pass for one of ours."""
    plant(root, {"providers/more.py": b""})


def a_missing_file(root: Path) -> None:
    """Lose a file."""
    (root / make_package.INTEGRATION / "providers" / "base.py").unlink()


def another_tag(root: Path) -> None:
    """Move what is tagged."""
    git(root, "tag", "--delete", "v1.2.3")
    git(root, "tag", "v1.2.2")


@pytest.mark.parametrize(
    "spoil",
    [a_changed_file, a_new_file, a_missing_file, another_tag],
    ids=lambda spoil: spoil.__name__,
)
def test_an_archive_of_anything_else_is_not_released(
    root: Path, spoil: Callable[[Path], None]
) -> None:
    """It is compared with git itself, whatever the folder looks like."""
    publish(root)
    spoil(root)
    make_package.make(root)
    with pytest.raises(PackageError, match="under the tag"):
        make_package.check_git(root, "v1.2.3")


def test_where_there_is_no_git_nothing_is_released(root: Path) -> None:
    """A folder alone proves nothing."""
    make_package.make(root)
    with pytest.raises(PackageError, match="under the tag"):
        make_package.check_git(root, "v1.2.3")


WORKFLOW: Final = load_yaml_dict(str(make_package.ROOT / ".github/workflows/release.yml"))


def test_what_builds_a_release_cannot_publish_one() -> None:
    """It runs the code of many others: tools, and what they need."""
    build, publishing = (WORKFLOW["jobs"][name] for name in ("build", "publish"))
    assert build["permissions"] == {"contents": "read"}
    assert publishing["needs"] == "build"
    assert publishing["permissions"] == {
        "contents": "write",
        "id-token": "write",
        "attestations": "write",
    }
    run = [step["run"] for step in publishing["steps"] if "run" in step]
    assert [command.split()[0] for command in run] == ["scripts/package", "gh"]


@pytest.mark.parametrize(
    "path", sorted((make_package.ROOT / ".github/workflows").iterdir()), ids=lambda path: path.name
)
def test_every_tool_of_a_workflow_is_pinned(path: Path) -> None:
    """A tag can be moved by whoever takes over the account of its owner."""
    used = re.findall(r"uses: (\S+)", path.read_text())
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name) for name in used)


def test_the_tool_that_sets_up_is_pinned_by_hash() -> None:
    """It installs all that follows."""
    lines = (make_package.ROOT / "requirements_uv.txt").read_text().splitlines()
    pinned, *hashes = [line.strip(" \\") for line in lines if not line.startswith("#")]
    assert re.fullmatch(r"uv==[\d.]+", pinned)
    assert len(hashes) > 1
    assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in hashes)
    setup = (make_package.ROOT / "scripts" / "setup").read_text()
    assert "--require-hashes" in setup
    assert "requirements_uv.txt" in setup


def test_the_command_leaves_the_zip_and_its_notes(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are what the release is made from."""
    publish(root)
    (root / "CHANGELOG.md").write_text(CHANGELOG)
    monkeypatch.setattr(make_package, "ROOT", root)
    monkeypatch.setattr("sys.argv", ["scripts/package", "--tag", "v1.2.3"])
    assert make_package.main() == 0
    monkeypatch.setattr("sys.argv", ["scripts/package", "--check", "--tag", "v1.2.3"])
    assert make_package.main() == 0
    names = {path.name for path in (root / "dist").iterdir()}
    assert names == {"command_status.zip", "release-notes.md"}
