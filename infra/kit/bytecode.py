"""Bytecode for the functions: Lambda's folder of code is read-only, so it can keep none.

Without it each new instance compiles every module that it imports. Only the same minor version of
Python makes bytecode that Lambda's can read.
"""

from __future__ import annotations

import functools
import subprocess
import sys
from pathlib import Path

_TASK = "/var/task"  # where Lambda has the code: the bytes name no folder of this machine


@functools.cache
def compiler(python: str) -> str | None:
    """Return a Python of this minor version on this machine, None without one.

    Parameters
    ----------
    python
        Such as "3.13".
    """
    if python == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    search = subprocess.run(
        [sys.executable, "-m", "uv", "python", "find", "--no-config", "--no-project",
         "--no-python-downloads", python],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    return search.stdout.strip() or None


def compile_folder(folder: Path, *, compiler: str) -> None:
    """Write the bytecode of all modules in a folder, the same bytes each time.

    It is never checked against the sources: nobody changes them there.
    """
    subprocess.run(
        [compiler, "-I", "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash",
         "-s", str(folder), "-p", _TASK, str(folder)],
        check=True,
        env={"PYTHONHASHSEED": "0"},
    )  # fmt: skip
