"""The command line as a fork: ``forked_cli.py SERVERS STDOUT STDERR ARGUMENT …``.

What it imports is imported once, by the server that it is forked from. Its jobs and functions are
forks too.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

from local.__main__ import main as command_line
from local.aws.absent import spared

forks = importlib.import_module("forks")  # beside this file
with spared():  # as EmbeddedAws imports it
    importlib.import_module("moto.ssm.models")
    for name in ("moto.server", "local.aws.events.delivery", "local.aws.states.interpreter"):
        importlib.import_module(name)
for name in ("run.command", "validate.command", "explain.command", "compare", "runs"):
    importlib.import_module(f"local.commands.{name}")


def main(servers: Path, stdout: Path, stderr: Path, arguments: list[str]) -> int:
    """Run a command. Return its status."""
    for descriptor, path in ((1, stdout), (2, stderr)):
        with path.open("wb") as file:
            os.dup2(file.fileno(), descriptor)
    forks.join(servers)
    return command_line(arguments)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:4]), sys.argv[4:]))
