"""A job's process started ahead: import what its container has, then run the given program.

Called as ``python job_worker.py FD MODULE …``. ``FD`` gets a byte when the modules are imported.
One line on standard input then says what to run. It serves one job, so that jobs share nothing.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


def main(ready_fd: int, modules: list[str]) -> None:
    """Import, wait, run."""
    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    if "boto3" in sys.modules:  # it keeps the service's description, which takes a while to read
        nobody = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}  # asks nowhere else
        sys.modules["boto3"].client("s3", region_name="us-east-1", **nobody)
    os.write(ready_fd, b".")
    os.close(ready_fd)
    line = sys.stdin.readline()
    if not line:
        return  # never needed
    order = json.loads(line)
    with open(os.devnull) as nothing:  # noqa: PTH123 (a descriptor is what is wanted)
        os.dup2(nothing.fileno(), 0)
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["folder"])
    del sys.path[0]
    run(order["command"], paths=paths_of(order["command"], order["env"]))


def paths_of(command: Sequence[str], env: Mapping[str, str]) -> list[str]:
    """Return where a program's modules come from, before the installed ones."""
    program = command[0] if command[0].endswith(".zip") else str(Path(command[0]).parent)
    return [program, *(path for path in env.get("PYTHONPATH", "").split(":") if path)]


def run(command: Sequence[str], *, paths: Sequence[str]) -> None:
    """Run a program with its arguments, and with modules from these paths first."""
    sys.argv = list(command)
    sys.path[:] = [*paths, *(path for path in sys.path if path not in paths)]
    runpy.run_path(command[0], run_name="__main__")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
