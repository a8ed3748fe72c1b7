"""A function's process: load the handler, then answer one event a line.

Called as ``python lambda_worker.py FOLDER HANDLER FD``. Events come on standard input. Replies go
to ``FD``, so that a handler may print whatever it likes. An empty line there comes before them all,
when the handler is loaded. ``END`` on standard output comes after what one event printed.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import re
import sys
import time
import traceback
from collections.abc import Container
from typing import Any

END = b"\x1e\n"  # ends what is printed about one event
_CLIENT = re.compile(r"""boto3\.(?:client|resource)\(\s*["']([a-z0-9-]+)""")


class WorkerContext:
    """What Lambda hands to a handler besides the event."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until the function's timeout."""
        return max(0, int((self.__dict__["deadline"] - time.time()) * 1000))


def main(folder: str, handler_name: str, reply_fd: int, *, known: Container[str] = ()) -> None:
    """Serve events until standard input ends. Modules that are ``known`` were looked at before."""
    sys.path[0] = folder
    module, _, name = handler_name.rpartition(".")
    # What fails here fails again at each event, whose reply reports it.
    with contextlib.suppress(Exception):
        importlib.import_module(module.replace("/", "."))
        read_descriptions(folder, known=known)
    with os.fdopen(reply_fd, "wb", buffering=0) as replies:
        replies.write(b"\n")
        for line in sys.stdin.buffer:
            message = json.loads(line)
            try:
                handler = getattr(importlib.import_module(module.replace("/", ".")), name)
                result = handler(message["event"], WorkerContext(message["context"]))
                reply = {"ok": True, "payload": json.dumps(result)}
            except Exception as error:  # noqa: BLE001 (whatever a handler raises is its answer)
                traceback.print_exc()
                reply = {"ok": False, "payload": json.dumps(_as_lambda_reports(error))}
            sys.stdout.flush()
            os.write(1, END)
            replies.write(json.dumps(reply).encode() + b"\n")


def read_descriptions(folder: str, *, known: Container[str] = ()) -> None:
    """Let boto3 read the descriptions of the services that the handler's modules make clients of.

    It takes a tenth of a second for some, and they are kept. The clients made here are not.
    Modules that are ``known`` were looked at before.
    """
    for name, module in list(sys.modules.items()):
        if name in known:
            continue
        file = getattr(module, "__file__", None) or ""
        if file.startswith(folder) and vars(module).get("boto3") is not None:
            with open(file, encoding="utf-8") as source:  # noqa: PTH123 (pathlib is not needed)
                for service in _CLIENT.findall(source.read()):
                    sys.modules["boto3"].client(service)


def _as_lambda_reports(error: Exception) -> dict[str, Any]:
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": "",
        "stackTrace": traceback.format_exception(error)[1:-1],
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
