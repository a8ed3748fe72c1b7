"""Tessera on this machine: ``python -m local COMMAND``, ``--help`` lists them.

Exit status: 0 done, 1 the run failed or the input was refused, 2 the command line was wrong, 3 the
run finished but a destination failed or was held back, 130 interrupted.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

from local.commands.arguments import parser
from local.terminal import Terminal
from tessera.errors import TesseraError


def main(argv: list[str] | None = None) -> int:
    """Run one command; return the exit status."""
    arguments = parser().parse_args(argv)
    terminal = Terminal(quiet=getattr(arguments, "quiet", False))
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return int(arguments.command(arguments, terminal))
    except KeyboardInterrupt:
        terminal.wipe()
        print("interrupted: everything was stopped and removed", file=sys.stderr)
        return 130
    except Exception as error:  # noqa: BLE001 (the user gets a sentence, never a traceback)
        terminal.error(_sentence(error))
        return 1


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _sentence(error: Exception) -> str:
    from local.app.assembly import SynthError  # noqa: PLC0415
    from local.commands.canary.flight import CanaryFailed  # noqa: PLC0415
    from local.commands.run import RunFailed  # noqa: PLC0415

    if isinstance(error, RunFailed):
        record = error.record
        state = f"{record['state']}: " if record.get("state") else ""
        return f"{state}{record['message']}\n  What to do: {record['what_to_do']}"
    if isinstance(error, (TesseraError, SynthError, CanaryFailed)):
        return str(error)
    return f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # all is stopped and removed; taking moto's modules apart would take seconds
