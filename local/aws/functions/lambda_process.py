"""One warm process of one function, and the exchange of events and replies with it."""

from __future__ import annotations

import dataclasses
import json
import os
import queue
import threading
from collections.abc import Callable, Mapping
from typing import Any

from local.aws.workers.lambda_worker import END
from local.aws.workers.ways import Worker

_PATIENCE_S = 5


@dataclasses.dataclass(frozen=True)
class InvocationResult:
    """What an invocation gave: JSON text, whether it failed, its logs, whether to reuse."""

    payload: str
    failed: bool
    logs: str
    alive: bool


class LambdaProcess:
    """A process that loads one function's handler and answers its events.

    ``loaded`` is set when it can answer, or never will. ``start`` starts the process, which replies
    at the descriptor that it is given.
    """

    def __init__(self, start: Callable[[int], Worker]) -> None:
        reader, writer = os.pipe()
        try:
            self._child = start(writer)
        finally:
            os.close(writer)
        self.loaded = threading.Event()
        self._replies: queue.Queue[bytes | None] = queue.Queue()
        self._output: list[str] = []
        self._output_complete = threading.Event()
        threading.Thread(target=self._read_replies, args=(reader,), daemon=True).start()
        self._printing = threading.Thread(target=self._read_output, daemon=True)
        self._printing.start()

    def _read_replies(self, descriptor: int) -> None:
        with os.fdopen(descriptor, "rb") as replies:
            replies.readline()  # it has loaded the handler, or ended without
            self.loaded.set()
            for line in replies:
                self._replies.put(line)
        self._replies.put(None)

    def _read_output(self) -> None:
        for line in self._child.lines():
            self._output.append(line.removesuffix(END).decode(errors="replace"))
            if line.endswith(END):
                self._output_complete.set()
        self._output_complete.set()

    def call(
        self, event: object, context: Mapping[str, Any], *, timeout_s: float
    ) -> InvocationResult:
        """Send one event and wait for its reply, at most ``timeout_s``."""
        self._output.clear()
        self._output_complete.clear()
        try:
            message = json.dumps({"event": event, "context": dict(context)}).encode() + b"\n"
            self._child.stdin.write(message)
            self._child.stdin.flush()
        except BrokenPipeError:
            return self._ended()
        try:
            line = self._replies.get(timeout=timeout_s)
        except queue.Empty:
            return self._timed_out(str(context["aws_request_id"]), timeout_s)
        if line is None:
            return self._ended()
        reply = json.loads(line)
        self._output_complete.wait(
            _PATIENCE_S
        )  # the reply came by another way than what was printed
        return InvocationResult(
            payload=reply["payload"], failed=not reply["ok"], logs="".join(self._output), alive=True
        )

    def _timed_out(self, request: str, timeout_s: float) -> InvocationResult:
        self.kill()
        message = f"RequestId: {request} Error: Task timed out after {timeout_s:.2f} seconds"
        error = {"errorType": "Sandbox.Timedout", "errorMessage": message}
        return _dead(error, "".join(self._output) + message)

    def _ended(self) -> InvocationResult:
        code = self._child.wait()
        self._printing.join(timeout=5)
        message = f"Runtime exited with error: exit status {code}"
        error = {"errorType": "Runtime.ExitError", "errorMessage": message}
        return _dead(error, "".join(self._output) + message)

    def kill(self) -> None:
        """End the process."""
        self._child.kill()


def _dead(error: dict[str, str], logs: str) -> InvocationResult:
    return InvocationResult(payload=json.dumps(error), failed=True, logs=logs, alive=False)
