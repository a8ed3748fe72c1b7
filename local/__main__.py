"""Tessera on this machine: ``tessera COMMAND``, the same as ``python -m local COMMAND``.

``tessera --help`` lists the commands and the exit statuses.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

if not __package__:  # started by its path, as the installed command does, from any folder
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from local.commands import exits
from local.commands.arguments.tree import parser
from local.terminal import Terminal

TRACE = "TESSERA_TRACEBACK"  # set it to see where an error came from


def main(argv: list[str] | None = None) -> int:
    """Run one command. Return the exit status."""
    given = sys.argv[1:] if argv is None else argv
    arguments = parser().parse_args(given or ["--help"])
    as_json = getattr(arguments, "json", False)
    terminal = Terminal(
        sys.stderr if as_json else sys.stdout,
        quiet=getattr(arguments, "quiet", False),
        results=sys.stdout,
    )
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return int(arguments.command(arguments, terminal))
    except KeyboardInterrupt:
        terminal.wipe()
        print("interrupted: everything was stopped and removed", file=sys.stderr)
        return exits.INTERRUPTED
    except Exception as error:
        if os.environ.get(TRACE):
            raise
        from local.commands.failures import sentence  # noqa: PLC0415 (only where needed)

        terminal.error(sentence(error))
        return exits.FAILED


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    status = main()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:  # its reader has gone
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    os._exit(status)  # all is stopped and removed. Taking moto's modules apart would take seconds
