"""The process of a job: find its code and its libraries, then run it as its container would.

Called as ``python program.py LIBRARIES ZIP MODULE …``. The libraries come last, so that they are
used only where they are not installed. The function's own package has the AWS SDK.
"""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path


def main(libraries: str, code: str, module: str, arguments: list[str]) -> None:
    """Run a package of the zip. Any error is left where the function reads it."""
    package = str(Path(__file__).resolve().parents[3])
    sys.path[0:1] = [code, package]
    sys.path.append(libraries)
    sys.argv = [module, *arguments]
    from adapters.aws.container import Container  # noqa: PLC0415 (of the zip)

    with Container(os.environ).failing_to("reason"):
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
