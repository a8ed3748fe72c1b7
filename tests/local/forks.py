"""Servers that all embedded AWS of a test session fork from, and the command line as their forks.

Jobs and functions are forks anyway. Here several embedded AWS and the command line share what was
imported. Some of test_cli.py's commands are new processes.
"""

from __future__ import annotations

import functools
import os
import subprocess
from pathlib import Path

from local.app import started
from local.aws.server import EmbeddedAws
from local.aws.workers.fork import Fork, ForkServers

_COMMANDS = Path(__file__).with_name("forked_cli.py")
_KEY = "commands"
_TIMEOUT_S = 900  # the first command of a clone synthesizes, on a busy machine


class ForkedCommands:
    """The command line as forks, whose jobs and functions are forks of the same servers.

    Parameters
    ----------
    folder
        Gets what commands print.
    servers
        The servers.
    root
        The checkout.
    """

    def __init__(self, folder: Path, *, servers: ForkServers, root: Path) -> None:
        self._folder, self._servers, self._root = folder, servers, root
        self._count = 0
        self._paths = [str(_COMMANDS.parent), str(root)]
        servers.serve(_KEY, self._paths)
        servers.load(_KEY, [_COMMANDS.stem])

    def __call__(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run one command from the checkout and return how it ended."""
        self._count += 1
        stdout, stderr = (self._folder / f"{self._count}.{name}" for name in ("out", "err"))
        words = [str(one) for one in arguments]
        own = [str(one) for one in (_COMMANDS, self._servers.folder, stdout, stderr)]
        order = {
            "do": "run", "command": [*own, *words], "env": dict(os.environ),
            "folder": str(self._root), "paths": self._paths, "imports": [], "folders": [],
        }  # fmt: skip
        fork = Fork(self._servers.folder / _KEY, order)
        try:
            code = fork.wait(_TIMEOUT_S)
        finally:
            fork.kill()
            list(fork.lines())  # which closes its other end
        return subprocess.CompletedProcess(words, code, stdout.read_text(), stderr.read_text())


def join(folder: Path) -> None:
    """Let each app that this process starts fork from the servers of a folder."""
    servers = ForkServers(folder)
    vars(started)["EmbeddedAws"] = functools.partial(EmbeddedAws, fork_servers=servers)
