"""One process with a Spark for all tests that need one: starting Java takes longer than a test."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Reads a call per line and answers with a line. What the jobs print goes to a log instead.
DRIVER = """
import importlib, importlib.util, json, os, sys
def load(name):
    if not name.endswith(".py"):
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location("called", name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
for line in sys.stdin:
    call = json.loads(line)
    os.environ.update(call["env"])
    module, _, function = call["function"].partition(":")
    try:
        from pyspark.sql import SparkSession
        spark = SparkSession.builder.getOrCreate()
        for name, value in call["conf"].items():
            spark.conf.set(name, value)
        for name, value in call["patch"].items():
            place, _, attribute = name.partition(":")
            setattr(load(place), attribute, value)
        getattr(load(module), function)(*call["arguments"])
        error = None
    except Exception as raised:
        error = [type(raised).__name__, str(raised)]
    sys.stdout.flush()
    print(json.dumps({"error": error}), file=answers, flush=True)
"""


@dataclasses.dataclass(frozen=True)
class Answer:
    """How a call ended: the error's type and message, and what was printed meanwhile."""

    error: tuple[str, str] | None
    printed: str


class SparkProcess:
    """A Python process whose Spark lives as long as it does.

    Calls share one Java and its classes, and nothing else: each gets its own environment
    variables, Spark's settings and patches.
    """

    def __init__(self, folder: Path, *, environment: Mapping[str, str]) -> None:
        self._log = folder / "log.txt"
        self._seen = 0
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", DRIVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=log, text=True, cwd=folder, env=dict(environment),
            )  # fmt: skip

    def call(
        self,
        function: str,
        *arguments: Any,
        env: Mapping[str, str] | None = None,
        conf: Mapping[str, str] | None = None,
        patch: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Call ``module:function`` or ``path.py:function``. Arguments are what JSON can carry."""
        call = {
            "function": function, "arguments": arguments, "env": env or {}, "conf": conf or {},
            "patch": patch or {},
        }  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(call) + "\n")
        self._process.stdin.flush()
        reply = self._process.stdout.readline()
        printed = self._log.read_bytes()[self._seen :].decode(errors="replace")
        self._seen += len(printed.encode())
        assert reply, f"the Spark process ended: {printed[-5000:]}"
        error = json.loads(reply)["error"]
        return Answer(error and (error[0], error[1]), printed)

    def close(self) -> None:
        """Let the process end, and Java with it."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(timeout=60)
