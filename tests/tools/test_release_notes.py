"""The version and its notes come from one place."""

import subprocess
import sys
import tomllib

import pytest

import tessera
from tools.release_notes import UNRELEASED, notes, sections

TEXT = """\
# Changelog

Words before the first version.

## Unreleased

### Added
- What comes.

## 1.2.0 – 2026-05-01

### Fixed
- What was wrong.

## [1.1.0]

- Old.
"""


def test_each_version_has_its_own_notes():
    assert sections(TEXT) == {
        "Unreleased": "### Added\n- What comes.",
        "1.2.0": "### Fixed\n- What was wrong.",
        "1.1.0": "- Old.",
    }


def test_a_version_is_asked_for_by_name(monkeypatch):
    assert notes(TEXT, "1.1.0") == "- Old."
    with pytest.raises(LookupError, match=r"no section 3\.0\.0: it has Unreleased, 1\.2\.0"):
        notes(TEXT, "3.0.0")


def test_a_released_version_has_its_section_and_another_the_unreleased_one(monkeypatch):
    monkeypatch.setattr("tools.release_notes.__version__", "1.2.0")
    assert notes(TEXT) == "### Fixed\n- What was wrong."
    monkeypatch.setattr("tools.release_notes.__version__", "2.0.0")
    assert notes(TEXT) == "### Added\n- What comes."


def test_the_changelog_has_notes_for_the_version_in_the_code(root):
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert notes(text)
    versions = [name for name in sections(text) if name != UNRELEASED]
    numbers = [tuple(map(int, name.split("."))) for name in versions]
    assert numbers == sorted(numbers, reverse=True)
    # A released section above the code's version would mean that somebody forgot to raise it.
    current = [int(part) for part in tessera.__version__.split(".")]
    assert all(list(each) <= current for each in numbers)


def test_the_package_takes_its_version_from_the_code(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "tessera.__version__"}
    assert (root / "tessera" / "py.typed").read_bytes() == b""


def test_the_command_prints_them(root):
    done = subprocess.run(
        [sys.executable, "-m", "tools.release_notes"],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("### ")
