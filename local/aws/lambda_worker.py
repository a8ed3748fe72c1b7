"""A function's process: load the handler, then answer one event a line.

Called as ``python lambda_worker.py FOLDER HANDLER FD``. Events come on standard input; replies go
to ``FD``, so that a handler may print whatever it likes.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import time
import traceback
from typing import Any


class Context:
    """What Lambda hands to a handler besides the event."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until the function's timeout."""
        return max(0, int((self.__dict__["deadline"] - time.time()) * 1000))


def main(folder: str, handler_name: str, reply_fd: int) -> None:
    """Serve events until standard input ends."""
    sys.path[0] = folder
    module, _, name = handler_name.rpartition(".")
    # What fails here fails again at each event, which is told of it.
    with contextlib.suppress(Exception):
        importlib.import_module(module.replace("/", "."))
    with os.fdopen(reply_fd, "wb", buffering=0) as replies:
        for line in sys.stdin.buffer:
            message = json.loads(line)
            try:
                handler = getattr(importlib.import_module(module.replace("/", ".")), name)
                result = handler(message["event"], Context(message["context"]))
                reply = {"ok": True, "payload": json.dumps(result)}
            except Exception as error:  # noqa: BLE001 (whatever a handler raises is its answer)
                traceback.print_exc()
                reply = {"ok": False, "payload": json.dumps(_as_lambda_reports(error))}
            sys.stdout.flush()
            replies.write(json.dumps(reply).encode() + b"\n")


def _as_lambda_reports(error: Exception) -> dict[str, Any]:
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": "",
        "stackTrace": traceback.format_exception(error)[1:-1],
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
