"""The product inside a zip app, where it runs in SageMaker, and without NumPy, as in a Lambda."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def words_of_app(root: Path, tmp_path: Path) -> Callable[[str], list[str]]:
    """Run a program beside a zipped ``tessera`` without NumPy. Return the words it prints."""

    def run(program: str) -> list[str]:
        app = tmp_path / "app.zip"
        with zipfile.ZipFile(app, "w") as archive:
            for file in sorted((root / "tessera").rglob("*")):
                if file.suffix in {".py", ".toml"}:
                    archive.write(file, file.relative_to(root))
            archive.writestr("__main__.py", f"import sys; sys.modules['numpy'] = None\n{program}")
        done = subprocess.run(
            [sys.executable, "-I", app], capture_output=True, text=True, check=False, cwd=tmp_path
        )
        assert not done.returncode, done.stderr
        return done.stdout.split()

    return run
