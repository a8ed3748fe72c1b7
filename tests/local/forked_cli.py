"""The command line as a fork: what it imports is imported once, by ``fork_server.py``.

Its jobs and functions are forks too, of the servers that the tests' embedded AWS has.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path

from local.__main__ import main as command_line
from local.aws.absent import spared
from local.aws.jobs import scripts

forks = importlib.import_module("forks")  # beside the server's program
with spared():  # as EmbeddedAws imports it
    importlib.import_module("moto.ssm.models")
    for name in ("moto.server", "local.aws.events.delivery", "local.aws.states.interpreter"):
        importlib.import_module(name)
for name in ("run.command", "validate.command", "explain.command", "compare", "runs"):
    importlib.import_module(f"local.commands.{name}")


def main(_ready: int, _modules: list[str]) -> None:
    """Run the command that standard input orders. Exit with its status."""
    order = json.loads(sys.stdin.readline())
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["folder"])
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        with Path(order[name]).open("wb") as file:
            os.dup2(file.fileno(), descriptor)
    servers = Path(order["servers"])
    scripts.Spares = lambda _: forks.ForkedJobs(servers)
    with forks.forked_functions(servers):
        raise SystemExit(command_line(order["arguments"]))
