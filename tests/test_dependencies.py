"""Every package is declared once, used, and locked to one version."""

from __future__ import annotations

import ast
import functools
import re
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS: dict[str, list[str]] = PROJECT["dependency-groups"]
MODULES: dict[str, str] = PROJECT["tool"]["deptry"]["package_module_name_map"]
OURS = {*PROJECT["tool"]["deptry"]["known_first_party"], "tests"}

# Groups that go into one environment. The container's is apart: it has older versions.
TOGETHER = [name for name in GROUPS if name != "container"]
# Packages that are started or found by name, never imported.
STARTED = {
    "lint": {
        "deptry",
        "import-linter",
        "mypy",
        "ruff",  # commands
        "boto3-stubs-lite",
        "pandas-stubs",
        "scipy-stubs",  # types
    },
    "test": {"pytest-timeout"},  # an option of pytest
    "docs": {"mkdocs", "mkdocs-material"},  # python -m mkdocs, its theme
}


def packages(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[=<>~ ]", each)[0] for each in requirements}


def modules(requirements: list[str]) -> set[str]:
    return {MODULES.get(name, name.replace("-", "_")) for name in packages(requirements)}


def imported(*folders: str) -> set[str]:
    """The top-level modules of others that the code in these folders imports."""
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    modules = {name.partition(".")[0] for file in files for name in _imports(file)}
    return modules - OURS - set(sys.stdlib_module_names)


@functools.cache  # several tests read the same folders
def _imports(file: Path) -> frozenset[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return frozenset(names)


def lock_of(group: str) -> str:
    name = f"requirements-{group}.txt" if group else "requirements.txt"
    return (ROOT / name).read_text(encoding="utf-8")


def test_what_the_tests_import_is_declared():
    declared = PROJECT["project"]["dependencies"] + GROUPS["test"] + GROUPS["spark"]
    declared += GROUPS["console"] + GROUPS["mcp"]
    assert imported("tests") - modules(declared) == set()


def test_the_types_of_each_part_of_the_cdk_are_read_that_we_import():
    """Of the parts that mypy omits, a mistake would go unnoticed."""
    reading = [each for each in PROJECT["tool"]["mypy"]["overrides"] if "aws_cdk" in each["module"]]
    [read] = [{*each["module"]} for each in reading]
    files = [file for folder in ("infra", "local") for file in (ROOT / folder).rglob("*.py")]
    parts = {
        f"aws_cdk.{alias.name}"
        for file in files
        for node in ast.walk(ast.parse(file.read_bytes()))
        if isinstance(node, ast.ImportFrom) and node.module == "aws_cdk"
        for alias in node.names
        if alias.name.islower()
    }
    assert parts | {"aws_cdk"} == read


@pytest.mark.parametrize("group", TOGETHER)
def test_every_package_of_a_group_is_used(group):
    used = imported("tests", "local", "lambdas", "adapters", "glue_jobs", "tessera")
    rest = [each for each in GROUPS[group] if not modules([each]) <= used]
    assert packages(rest) == STARTED.get(group, set())


@pytest.mark.parametrize("group", TOGETHER)
def test_a_group_repeats_nothing_of_a_run(group):
    assert not packages(GROUPS[group]) & packages(PROJECT["project"]["dependencies"])


@pytest.mark.parametrize("group", ["", *GROUPS])
def test_each_lock_has_hashes_and_no_registry(group):
    text = lock_of(group)
    pinned = re.findall(r"^[a-z0-9._-]+(?:\[.*\])?==", text, re.MULTILINE)
    assert pinned
    assert len(re.findall(r"^\S+==.*\\\n    --hash=", text, re.MULTILINE)) == len(pinned)
    assert "://" not in text


@pytest.mark.parametrize("group", ["", *GROUPS])
def test_each_lock_has_what_is_declared(group):
    declared = GROUPS[group] if group else PROJECT["project"]["dependencies"]
    locked = {*re.findall(r"^([a-z0-9._-]+)(?:\[.*\])?==", lock_of(group), re.MULTILINE)}
    assert packages(declared) <= locked


def test_all_locks_of_one_environment_agree():
    """A later install would otherwise replace what an earlier one put there."""
    versions = defaultdict(dict)
    for group in ("", *TOGETHER):
        for name, line in re.findall(r"^([a-z0-9._-]+)(?:\[.*\])?==(.*)", lock_of(group), re.M):
            version, _, marker = line.removesuffix("\\").partition(" ; ")
            versions[name].setdefault(group, set()).add((version, marker.strip()))
    differing = {
        name: by_group
        for name, by_group in versions.items()
        if len({version for locked in by_group.values() for version, _ in locked})
        > max(len(locked) for locked in by_group.values())
    }
    assert differing == {}
