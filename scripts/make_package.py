"""The zip of a release, as HACS and Home Assistant's Marketplace unpack it.

Both put the content of the archive straight into `custom_components/command_status/`, so the
manifest stands at its top. The same tree makes the same entries, dates included: whoever doubts a
release can make it again and compare.

Python 3.11 and newer, standard library and git only: it runs before anything is set up.
"""

import argparse
from collections.abc import Iterator
from io import BytesIO
import json
from pathlib import Path, PurePosixPath
import subprocess
import sys
import tarfile
from typing import Any, Final
import zipfile

ROOT: Final = Path(__file__).parents[1]
INTEGRATION: Final = Path("custom_components", "command_status")
DIST: Final = Path("dist")
NOTES: Final = "release-notes.md"

KINDS: Final = frozenset({".js", ".json", ".png", ".py", ".txt", ".yaml"})
"""What belongs into an integration. Anything else was left behind by a tool, or is a mistake."""
NEEDED: Final = (
    "__init__.py",
    "manifest.json",
    "translations/en.json",
    "brand/icon.png",
    "panel/files/panel.js",
    "panel/files/loader.js",
    "panel/files/LICENSES.txt",
)

MOST_OF_A_FILE: Final = 512 * 1024
MOST_OF_ALL: Final = 4 * 1024 * 1024
"""Bytes, unpacked; many times what we have, and far below what the installers take."""

THE_SAME_DAY: Final = (1980, 1, 1, 0, 0, 0)
"""The oldest that a zip can tell; a real one would make every archive another."""
READABLE: Final = 0o100644 << 16
DEFLATED: Final = zipfile.ZIP_DEFLATED


class PackageError(Exception):
    """Raised when something must not be released; says what."""


def source_files(root: Path) -> dict[str, bytes]:
    """Return the files of the integration by their names in the archive; caches are left out."""
    folder = root / INTEGRATION
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_dir() or "__pycache__" in name.parts:
            continue
        found[name.as_posix()] = path.read_bytes()
    return found


def archive_name(root: Path) -> str:
    """Return the name under which installers look for the archive; raises PackageError."""
    hacs = json.loads((root / "hacs.json").read_text())
    if hacs.get("zip_release") is not True or not hacs.get("filename"):
        raise PackageError("hacs.json does not announce a zip")
    return str(hacs["filename"])


def make(root: Path) -> Path:
    """Write the archive; returns where it is."""
    archive = root / DIST / archive_name(root)
    archive.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(archive, "w") as file:
        for name, content in source_files(root).items():
            entry = zipfile.ZipInfo(name, THE_SAME_DAY)
            entry.compress_type = DEFLATED
            entry.external_attr = READABLE
            file.writestr(entry, content)
    return archive


def check(root: Path) -> dict[str, Any]:
    """Look into the archive as an installer does; returns its manifest, or raises PackageError."""
    archive = root / DIST / archive_name(root)
    if not archive.exists():
        raise PackageError(f"{archive.name} was not made yet")
    with zipfile.ZipFile(archive) as file:
        if len(file.namelist()) != len(set(file.namelist())):
            raise PackageError("a name comes twice")
        packed = {name: file.read(name) for name in file.namelist()}
    if complaints := list(_complaints(packed)):
        raise PackageError("; ".join(complaints))
    if packed != source_files(root):
        raise PackageError("the archive is not made from this tree")
    manifest: dict[str, Any] = json.loads(packed["manifest.json"])
    if manifest["domain"] != INTEGRATION.name:
        raise PackageError(f"the manifest is that of {manifest['domain']}")
    return manifest


def check_tag(tag: str, version: str) -> None:
    """Raise PackageError unless a tag names the version of the manifest."""
    if tag != f"v{version}":
        raise PackageError(f"the tag is {tag}, but the manifest says {version}")


def check_languages(root: Path) -> None:
    """Raise PackageError unless every language has a translation of every English text.

    Until a release a text may be in English only: Home Assistant shows that one then.
    """
    files = sorted((root / INTEGRATION / "translations").glob("*.json"))
    texts = {path.stem: set(_paths(json.loads(path.read_text("utf-8")))) for path in files}
    gaps = [
        f"{language}: {', '.join(sorted(missing))}"
        for language, found in texts.items()
        if (missing := texts["en"] - found)
    ]
    if gaps:
        raise PackageError(f"texts that are not translated: {'; '.join(gaps)}")


def check_git(root: Path, tag: str) -> None:
    """Raise PackageError unless the archive is made of what git has under a tag, and all of it."""
    command = ["git", "archive", "--format=tar", f"refs/tags/{tag}", "--", str(INTEGRATION)]
    try:
        tar = subprocess.run(  # noqa: S603 - the tag is that of the manifest's version
            command, cwd=root, check=True, capture_output=True
        ).stdout
    except (OSError, subprocess.CalledProcessError) as err:
        raise PackageError(f"git has nothing under the tag {tag}") from err
    tagged: dict[str, bytes] = {}
    with tarfile.open(fileobj=BytesIO(tar)) as file:
        for member in file:
            content = file.extractfile(member)
            if content is not None:
                name = PurePosixPath(member.name).relative_to(INTEGRATION.as_posix())
                tagged[str(name)] = content.read()
    with zipfile.ZipFile(root / DIST / archive_name(root)) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    if packed != tagged:
        raise PackageError(f"the archive is not made from what git has under the tag {tag}")


def release_notes(changelog: str, version: str) -> str:
    """Return what the changelog tells about a version; raises PackageError where that is nothing.

    The headings are those of keepachangelog.com: `## [1.2.3] - 2026-11-20`.
    """
    for section in changelog.split("\n## ")[1:]:
        heading, _, notes = section.partition("\n")
        if heading.startswith(f"[{version}]") and notes.strip():
            return notes.strip() + "\n"
    raise PackageError(f"the changelog tells nothing about {version}")


def _paths(texts: dict[str, Any], above: str = "") -> Iterator[str]:
    """Go through where texts stand, such as `config.step.user.title`."""
    for key, value in texts.items():
        if isinstance(value, dict):
            yield from _paths(value, f"{above}{key}.")
        else:
            yield f"{above}{key}"


def _complaints(packed: dict[str, bytes]) -> Iterator[str]:
    """Yield what is wrong with the names and sizes of an archive."""
    for name in NEEDED:
        if name not in packed:
            yield f"{name} is missing"
    for name, content in packed.items():
        path = PurePosixPath(name)
        hidden = any(part.startswith(".") for part in path.parts)  # `..` as well
        if path.is_absolute() or hidden or "\\" in name or path.suffix not in KINDS:
            yield f"{name} does not belong there"
        if len(content) > MOST_OF_A_FILE:
            yield f"{name} is too large"
    if sum(map(len, packed.values())) > MOST_OF_ALL:
        yield "all together is too large"


def main() -> int:
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(prog="scripts/package")
    parser.add_argument("--check", action="store_true", help="check the zip that is there")
    parser.add_argument("--tag", help="the tag of the release, which must fit the manifest")
    arguments = parser.parse_args()
    try:
        if not arguments.check:
            make(ROOT)
        manifest = check(ROOT)
        if arguments.tag is not None:
            check_tag(arguments.tag, manifest["version"])
            check_languages(ROOT)
            check_git(ROOT, arguments.tag)
            notes = release_notes((ROOT / "CHANGELOG.md").read_text(), manifest["version"])
            (ROOT / DIST / NOTES).write_text(notes)
    except PackageError as err:
        print(f"Not to be released: {err}", file=sys.stderr)
        return 1
    print(f"{DIST / archive_name(ROOT)} is good: {manifest['domain']} {manifest['version']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
