"""The functions' bytecode: in Lambda's read-only folder they would compile all of it each time."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.kit import assets, bytecode

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
HANDLER = "lambdas.check_upload.handler"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[assets.Built]:
    """The functions' code for the Python of this process."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(assets, "BUILD", tmp_path_factory.mktemp("build"))
        wheels = dataclasses.replace(assets.LAMBDA_WHEELS, python=PYTHON)
        patched.setattr(assets, "LAMBDA_WHEELS", wheels)
        yield assets.lambda_code()


def fingerprints(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*.pyc")
    }


def test_every_module_of_a_function_has_bytecode(built):
    assert built.bytecode
    modules = {file.with_suffix("") for file in built.path.rglob("*.py")}
    compiled = {
        file.parent.parent / file.name.partition(".")[0] for file in built.path.rglob("*.pyc")
    }
    assert compiled == modules


def test_a_function_is_imported_without_its_sources_being_read(built, tmp_path):
    copy = tmp_path / "task"
    shutil.copytree(built.path, copy)
    for source in copy.rglob("*.py"):  # as the wheels' too: it is a copy
        source.write_text("raise SystemExit('compiled again')")
    code = f"import sys; sys.path.insert(0, {str(copy)!r}); import {HANDLER}"
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", code], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


def test_the_same_code_has_the_same_bytecode(built, tmp_path):
    again = tmp_path / "elsewhere"
    shutil.copytree(built.path, again, ignore=shutil.ignore_patterns("__pycache__"))
    bytecode.compile_folder(again, compiler=sys.executable)
    assert fingerprints(again) == fingerprints(built.path)


def test_without_a_python_of_that_version_there_is_none_and_another_hash(built, monkeypatch):
    monkeypatch.setattr(bytecode, "compiler", lambda _: None)
    plain = assets.lambda_code()
    assert not plain.bytecode
    assert plain.digest != built.digest
    assert not list(plain.path.rglob("*.pyc"))


def test_another_version_of_python_is_no_compiler():
    assert bytecode.compiler("3.0") is None
    assert bytecode.compiler(PYTHON) == sys.executable
