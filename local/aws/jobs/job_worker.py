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
    program, *_ = sys.argv = order["command"]
    first = [] if program.endswith(".zip") else [str(Path(program).parent)]
    paths = [path for path in order["env"].get("PYTHONPATH", "").split(":") if path]
    sys.path[0:1] = [*first, *paths]
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
