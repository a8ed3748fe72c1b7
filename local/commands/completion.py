"""``tessera completion``: what a shell needs to complete the command line, without starting it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import shtab

from local.commands.parser import Parser
from tessera.contracts.destinations import DESTINATIONS

_FOLDERS = {"DIR", "FOLDER"}


def script(shell: str, *, top: Parser) -> str:
    """Return a shell's script for a whole command line."""
    for action in _actions(top):
        _complete(action)
    return str(shtab.complete(top, shell=shell)).rstrip("\n")


def _actions(top: Parser) -> Iterator[argparse.Action]:
    for _, command in top.commands():
        yield from command._actions


def _complete(action: argparse.Action) -> None:
    """Say what a value may be: a folder, a file, or a destination's name."""
    if action.type is Path:
        place = shtab.DIRECTORY if action.metavar in _FOLDERS else shtab.FILE
        action.complete = place  # type: ignore[attr-defined]
    elif action.dest == "destination":
        action.choices = list(DESTINATIONS)
