"""One event of RunJob in its deployed package, as a new environment of the function gets it.

Called as ``python function_event.py PACKAGE EVENT REPLY``. Nothing that this project has installed
is there: the package is all, and what it loads.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

_MINUTES_MS = 900_000


class Context:
    """What the handler asks of Lambda's context."""

    def get_remaining_time_in_millis(self) -> int:
        """Return a function's whole time."""
        return _MINUTES_MS


def main(package: str, event: str, reply: str) -> None:
    """Answer one event."""
    sys.path[0] = package
    handler = importlib.import_module("lambdas.run_job.handler").handler
    answer = handler(json.loads(Path(event).read_text(encoding="utf-8")), Context())
    Path(reply).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
