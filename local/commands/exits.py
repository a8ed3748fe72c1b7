"""The exit statuses, for the help, the docs and the commands themselves."""

from __future__ import annotations

from collections.abc import Mapping

DONE, FAILED, WRONG, NOT_ALL_SENT, INTERRUPTED = 0, 1, 2, 3, 130

EXITS: Mapping[int, str] = {
    DONE: "done",
    FAILED: "the run failed, or the input was refused: one message on standard error",
    WRONG: "the command line was wrong",
    NOT_ALL_SENT: (
        "the run finished, but a destination failed or was held back: its line says why"
    ),
    INTERRUPTED: "interrupted",
}


def lines() -> list[str]:
    """Return a line for each status."""
    return [f"  {status:<4} {meaning}" for status, meaning in EXITS.items()]
